/* sink_read.c: hands over five records that it makes up, and breaks each rule of sink_read.h where it is told to. */
#include "filters.h"

#include <stdio.h>

#define COUNT 5u

static sluice_status configure(const sluice_filter *filter, sluice_bytes location, const sluice_read_receiver *receiver,
                               sluice_error *error) {
  (void)filter;
  static const char prefix[] = "test-filters://";
  if (location.length <= sizeof prefix - 1) return fail(error, SLUICE_ERROR_INPUT, 0, "say what is wrong", "");
  /* What follows the scheme is the fault. */
  char json[128];
  int length = snprintf(json, sizeof json, "{\"fault\":\"%.*s\"}", (int)(location.length - (sizeof prefix - 1)),
                        (const char *)location.data + sizeof prefix - 1);
  if (length <= 0 || (size_t)length >= sizeof json) return SLUICE_ERROR_LIMIT;
  return receiver->configuration(receiver->context, (sluice_bytes){(const uint8_t *)json, (uint64_t)length});
}

static sluice_status logs(void *self, const sluice_read_receiver *receiver, sluice_error *error) {
  sluice_status status = common_fault(self, error);
  if (status != SLUICE_OK) return status;
  if (fault(self, "nameless")) return receiver->log(receiver->context, (sluice_bytes){NULL, 0});
  return receiver->log(receiver->context, text_of("main"));
}

static sluice_status open(void *self, sluice_bytes log, void **reader, sluice_error *error) {
  if (log.length != 4) return fail(error, SLUICE_ERROR_INPUT, 0, "there is no such log", "");
  *reader = self;
  return SLUICE_OK;
}

static sluice_status hand(const sluice_read_receiver *receiver, uint64_t sequence, uint64_t leaf_length) {
  static const uint8_t leaf[33];
  sluice_held_record record = {.size = sizeof record, .sequence = sequence, .json = text_of("{}"), .leaf = {leaf, leaf_length}};
  return receiver->record(receiver->context, &record);
}

static sluice_status records(void *self, const sluice_read_query *query, const sluice_read_receiver *receiver, uint64_t *next,
                             sluice_error *error) {
  sluice_status status = common_fault(self, error);
  if (status != SLUICE_OK) return status;
  if (fault(self, "endless")) {
    *next = query->from;
    return SLUICE_OK;
  }
  if (fault(self, "short-hash")) return hand(receiver, query->from, 31);
  if (fault(self, "unasked")) return hand(receiver, query->end, 32);
  if (fault(self, "disorder")) {
    hand(receiver, query->from + 1, 32);
    return hand(receiver, query->from, 32);
  }
  if (fault(self, "deaf")) { /* goes on after it was told to stop, and says that all was well */
    hand(receiver, query->from, 31);
    hand(receiver, query->from, 32);
    *next = SLUICE_READ_END;
    return SLUICE_OK;
  }
  uint64_t count = 0, sequence = query->from;
  for (; sequence < COUNT && sequence < query->end && count < query->maximum_count; sequence++, count++) {
    status = hand(receiver, sequence, 32);
    if (status != SLUICE_OK) return status;
  }
  *next = sequence < COUNT ? sequence : SLUICE_READ_END;
  return SLUICE_OK;
}

static void close(void *reader) { (void)reader; }

const sluice_sink_read sink_read_table = {.size = sizeof(sluice_sink_read), .filter = &filter_table, .configure = configure,
                                          .logs = logs, .open = open, .records = records, .close = close};
