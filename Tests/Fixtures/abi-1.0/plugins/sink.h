/* sink.h: keeps records in one file, a line each. The first line that is not whole is cut off. */
#include "common.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#ifndef SYNC
#define SYNC fdatasync(s->file)
#endif
#ifndef APPEND_HOOK
#define APPEND_HOOK
#endif
#ifndef KEEP_HOOK /* whether to write this record: `record`, `s` */
#define KEEP_HOOK 1
#endif

typedef struct {
  const sluice_acknowledger *acknowledger;
  int file;
  uint64_t next, written, acknowledged;
} session;

static sluice_status open_session(void *self, sluice_bytes log, const sluice_acknowledger *acknowledger, void **opened,
                                  sluice_error *error) {
  static const char head[] = "{\"path\":\"";
  char path[1024] = "";
  const char *configuration = ((instance *)self)->configuration;
  (void)log;
  if (strncmp(configuration, head, sizeof head - 1) != 0) return fail(error, SLUICE_ERROR_CONFIGURATION, "a path is needed");
  size_t length = strcspn(configuration + sizeof head - 1, "\"");
  snprintf(path, sizeof path, "%.*s/records", (int)length, configuration + sizeof head - 1);
  session *s = calloc(1, sizeof *s);
  if (s == NULL) return fail(error, SLUICE_ERROR_LIMIT, "out of memory");
  s->acknowledger = acknowledger;
  s->file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (s->file < 0) {
    free(s);
    return fail(error, SLUICE_ERROR_UNAVAILABLE, "the file can't be opened");
  }
  char byte;
  uint64_t at = 0, whole = 0;
  FILE *reader = fdopen(dup(s->file), "r");
  while (reader != NULL && fread(&byte, 1, 1, reader) == 1) {
    at++;
    if (byte == '\n') s->next++, whole = at;
  }
  if (reader != NULL) fclose(reader);
  s->written = whole;
  if (ftruncate(s->file, (off_t)whole) != 0) return fail(error, SLUICE_ERROR_UNAVAILABLE, "the file can't be cut");
  *opened = s;
  return SLUICE_OK;
}

static sluice_status recover(void *self, uint64_t *next, sluice_error *error) {
  (void)error;
  *next = ((session *)self)->next;
  return SLUICE_OK;
}

static sluice_status append(void *self, sluice_array records, sluice_append_result *result, sluice_error *error) {
  session *s = self;
  for (uint64_t i = 0; i < records.count; i++) {
    const sluice_record *record = (const void *)((const char *)records.first + i * records.stride);
    if (record->sequence != s->next) return fail(error, SLUICE_ERROR_INPUT, "records have to follow one another");
    if (KEEP_HOOK) {
      if (pwrite(s->file, record->json.data, record->json.length, (off_t)s->written) != (ssize_t)record->json.length ||
          pwrite(s->file, "\n", 1, (off_t)(s->written + record->json.length)) != 1) {
        return fail(error, SLUICE_ERROR_UNAVAILABLE, "the file can't be written");
      }
      s->written += record->json.length + 1;
    }
    s->next++;
    result->accepted++;
  }
  APPEND_HOOK
  return SLUICE_OK;
}

static sluice_status flush(void *self, sluice_error *error) {
  session *s = self;
  if (SYNC != 0) return fail(error, SLUICE_ERROR_UNAVAILABLE, "the file can't be synchronised");
  if (s->next > 0) s->acknowledger->acknowledge(s->acknowledger->context, s->next - 1, SLUICE_LEVEL_STABLE);
  return SLUICE_OK;
}

static void close_session(void *self) {
  close(((session *)self)->file);
  free(self);
}

static uint32_t promises(void *self) {
  (void)self;
  return SLUICE_LEVEL_STABLE;
}

SLUICE_NOTE("org.example.broken", "sluice.sink/1")

EXPORTED const sluice_plugin *sluice_plugin_v1(const sluice_host *host) {
  static sluice_sink table;
  table = (sluice_sink){.size = sizeof table, .filter = &filter_table, .promises = promises, .open = open_session,
                        .recover = recover, .append = append, .flush = flush, .close = close_session};
  return enter(host, SLUICE_SINK_ID, &table);
}
