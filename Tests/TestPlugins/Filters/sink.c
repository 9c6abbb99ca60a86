/* sink.c: counts records, and acknowledges them. */
#include "filters.h"

#include <stdatomic.h>

typedef struct {
  instance *instance;
  const sluice_acknowledger *acknowledger;
  uint64_t next;
  sluice_status refused; /* what the host answered to an acknowledgement that can't be true */
} session;

static uint32_t promises(void *self) { return mode(self, "replicated") ? SLUICE_LEVEL_REPLICATED : SLUICE_LEVEL_STABLE; }

static sluice_status open(void *self, sluice_bytes log, const sluice_acknowledger *acknowledger, void **opened,
                          sluice_error *error) {
  if (fault(self, "open") || log.length == 0) return fail(error, SLUICE_ERROR_UNAVAILABLE, 0, "not today", "");
  session *s = calloc(1, sizeof *s);
  if (s == NULL) return SLUICE_ERROR_LIMIT;
  s->instance = self;
  s->acknowledger = acknowledger;
  atomic_fetch_add(&s->instance->sessions, 1);
  *opened = s;
  return SLUICE_OK;
}

static sluice_status recover(void *opened, uint64_t *next, sluice_error *error) {
  session *s = opened;
  *next = s->next;
  return common_fault(s->instance, error);
}

static sluice_status append(void *opened, sluice_array records, sluice_append_result *result, sluice_error *error) {
  session *s = opened;
  sluice_status status = common_fault(s->instance, error);
  if (status != SLUICE_OK) return status;
  for (uint64_t i = 0; i < records.count; i++) {
    const sluice_record *record = (const void *)((const char *)records.first + i * records.stride);
    if (record->sequence != s->next || record->json.length == 0) return SLUICE_ERROR_INTERNAL;
    s->next++;
    result->accepted++;
    if (mode(s->instance, "slow")) break;
  }
  result->retry_after = mode(s->instance, "slow") ? 250 : 0;
  if (fault(s->instance, "overtake")) result->accepted = records.count + 1;
  if (fault(s->instance, "overstate")) {
    s->refused = s->acknowledger->acknowledge(s->acknowledger->context, s->next, SLUICE_LEVEL_STABLE);
    if (s->refused != SLUICE_ERROR_DENIED) return SLUICE_ERROR_INTERNAL;
    s->refused = s->acknowledger->acknowledge(s->acknowledger->context, 0, SLUICE_LEVEL_REPLICATED);
    if (s->refused != SLUICE_ERROR_DENIED) return SLUICE_ERROR_INTERNAL;
    if (s->acknowledger->acknowledge(s->acknowledger->context, 0, 4711) != SLUICE_ERROR_DENIED) {
      return SLUICE_ERROR_INTERNAL;
    }
  }
  return SLUICE_OK;
}

static sluice_status flush(void *opened, sluice_error *error) {
  session *s = opened;
  if (s->next > 0) s->acknowledger->acknowledge(s->acknowledger->context, s->next - 1, SLUICE_LEVEL_STABLE);
  return common_fault(s->instance, error);
}

static void close(void *opened) {
  session *s = opened;
  atomic_fetch_sub(&s->instance->sessions, 1);
  free(s);
}

const sluice_sink sink_table = {.size = sizeof(sluice_sink), .filter = &filter_table, .promises = promises, .open = open,
                                .recover = recover, .append = append, .flush = flush, .close = close};
