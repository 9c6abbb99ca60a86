/* sink.h: keeps the records of a log in one file, a line each, and its checkpoints in another, and reads both back. The
 * first line that is not whole is cut off. */
#include "common.h"

#include <dirent.h>
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

#ifndef PROBE_HOOK
#define PROBE_HOOK
#endif
#ifndef CHECKPOINT_HOOK /* may change `size`, the checkpoint's */
#define CHECKPOINT_HOOK
#endif
#ifndef READ_HOOK /* may change `length`, of the line that is handed over */
#define READ_HOOK
#endif

typedef struct {
  const sluice_acknowledger *acknowledger;
  int file, checkpoints;
  uint64_t next, written, acknowledged;
} session;

/* Opens a log's file; -1: it can't be, or there is no path. */
static int open_file(const instance *self, sluice_bytes log, const char *ending, int flags) {
  static const char head[] = "{\"path\":\"";
  char path[1100];
  if (strncmp(self->configuration, head, sizeof head - 1) != 0) return -1;
  const char *folder = self->configuration + sizeof head - 1;
  snprintf(path, sizeof path, "%.*s/%.*s%s", (int)strcspn(folder, "\""), folder, (int)log.length, log.data, ending);
  return open(path, flags | O_CLOEXEC, 0600);
}

static sluice_status open_session(void *self, sluice_bytes log, const sluice_acknowledger *acknowledger, void **opened,
                                  sluice_error *error) {
  session *s = calloc(1, sizeof *s);
  if (s == NULL) return fail(error, SLUICE_ERROR_LIMIT, "out of memory");
  s->acknowledger = acknowledger;
  s->file = open_file(self, log, ".records", O_RDWR | O_CREAT);
  s->checkpoints = open_file(self, log, ".checkpoints", O_RDWR | O_CREAT | O_APPEND);
  if (s->file < 0 || s->checkpoints < 0) {
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
  close(((session *)self)->checkpoints);
  free(self);
}

static uint32_t promises(void *self) {
  (void)self;
  return SLUICE_LEVEL_STABLE;
}

static sluice_status probe(void *self, sluice_error *error) {
  (void)self, (void)error;
  PROBE_HOOK
  return SLUICE_OK;
}

/* The size of the log that the last note speaks of: its second line. Notes end with an empty line of ours. */
static sluice_status recover_checkpoint(void *self, uint64_t *held, sluice_error *error) {
  session *s = self;
  char notes[8192];
  ssize_t length = pread(s->checkpoints, notes, sizeof notes - 1, 0);
  if (length < 0) return fail(error, SLUICE_ERROR_UNAVAILABLE, "the checkpoints can't be read");
  notes[length] = 0;
  *held = 0;
  for (char *at = notes; (at = strstr(at, "sluice/")) != NULL && (at = strchr(at, '\n')) != NULL;) {
    if (at[1] >= '0' && at[1] <= '9') *held = strtoull(at + 1, NULL, 10);
  }
  return SLUICE_OK;
}

static sluice_status checkpoint(void *self, sluice_bytes note, sluice_error *error) {
  session *s = self;
  uint64_t held = 0;
  const uint8_t *line = memchr(note.data, '\n', note.length);
  if (line == NULL) return fail(error, SLUICE_ERROR_INPUT, "this is no note");
  uint64_t size = strtoull((const char *)line + 1, NULL, 10);
  CHECKPOINT_HOOK
  if (recover_checkpoint(s, &held, error) != SLUICE_OK || size <= held) return SLUICE_OK;
  if (write(s->checkpoints, note.data, note.length) != (ssize_t)note.length || write(s->checkpoints, "\n", 1) != 1 ||
      fdatasync(s->checkpoints) != 0) {
    return fail(error, SLUICE_ERROR_UNAVAILABLE, "the checkpoint can't be written");
  }
  return SLUICE_OK;
}

/* ---- reading: one log, the one that is asked for; its name is the whole of what is known of it ---- */

typedef struct {
  int file, checkpoints;
} reader;

static sluice_status configure(const sluice_filter *filter, sluice_bytes location, const sluice_read_receiver *receiver,
                               sluice_error *error) {
  static const char head[] = "broken:///";
  char json[256];
  (void)filter;
  int is_place = location.length > sizeof head && location.length < 200 && memcmp(location.data, head, sizeof head - 1) == 0;
  for (uint64_t i = 0; is_place && i < location.length; i++) is_place = location.data[i] > ' ' && location.data[i] < 127 && location.data[i] != '"';
  if (!is_place) return fail(error, SLUICE_ERROR_INPUT, "a place is broken:///FOLDER");
  int length = snprintf(json, sizeof json, "{\"path\":\"%.*s\"}", (int)location.length - 9, location.data + 9);
  return receiver->configuration(receiver->context, (sluice_bytes){(const uint8_t *)json, (uint64_t)length});
}

static sluice_status logs(void *self, const sluice_read_receiver *receiver, sluice_error *error) {
  static const char head[] = "{\"path\":\"";
  char path[1024];
  const char *folder = ((instance *)self)->configuration + sizeof head - 1;
  snprintf(path, sizeof path, "%.*s", (int)strcspn(folder, "\""), folder);
  DIR *directory = opendir(path);
  if (directory == NULL) return fail(error, SLUICE_ERROR_UNAVAILABLE, "the folder can't be read");
  sluice_status status = SLUICE_OK;
  for (struct dirent *entry; status == SLUICE_OK && (entry = readdir(directory)) != NULL;) {
    char *end = strstr(entry->d_name, ".records");
    if (end == NULL) continue;
    *end = 0;
    status = receiver->log(receiver->context, text_of(entry->d_name));
  }
  closedir(directory);
  return status;
}

static sluice_status open_reader(void *self, sluice_bytes log, void **opened, sluice_error *error) {
  int file = open_file(self, log, ".records", O_RDONLY);
  if (file < 0) return fail(error, SLUICE_ERROR_INPUT, "there is no such log");
  reader *made = calloc(1, sizeof *made);
  if (made == NULL) abort();
  *made = (reader){file, open_file(self, log, ".checkpoints", O_RDONLY)};
  *opened = made;
  return SLUICE_OK;
}

static sluice_status read_records(void *self, const sluice_read_query *query, const sluice_read_receiver *receiver,
                                  uint64_t *next, sluice_error *error) {
  (void)error;
  sluice_status status = SLUICE_OK;
  FILE *file = fdopen(dup(((reader *)self)->file), "r");
  char *line = NULL;
  size_t capacity = 0;
  uint64_t sequence = 0, count = 0, bytes = 0;
  *next = SLUICE_READ_END;
  if (file == NULL) abort();
  rewind(file);
  for (ssize_t got; status == SLUICE_OK && sequence < query->end && (got = getline(&line, &capacity, file)) > 0; sequence++) {
    if (sequence < query->from) continue;
    if (count == query->maximum_count || bytes >= query->maximum_bytes) {
      *next = sequence;
      break;
    }
    uint64_t length = (uint64_t)got - 1;
    READ_HOOK
    sluice_held_record record = {.size = sizeof record, .sequence = sequence, .json = {(uint8_t *)line, length}};
    count++, bytes += length;
    status = receiver->record(receiver->context, &record);
  }
  free(line);
  fclose(file);
  return status;
}

static sluice_status read_checkpoints(void *self, const sluice_read_query *query, const sluice_read_receiver *receiver,
                                      uint64_t *next, sluice_error *error) {
  (void)error;
  char notes[8192];
  ssize_t length = pread(((reader *)self)->checkpoints, notes, sizeof notes - 1, 0);
  uint64_t index = 0;
  notes[length < 0 ? 0 : length] = 0;
  *next = SLUICE_READ_END;
  for (char *at = notes, *end; (end = strstr(at, "=\n\n")) != NULL && (end = strstr(end + 3, "=\n\n")) != NULL; at = end + 3, index++) {
    if (index < query->from) continue;
    if (index == query->from + query->maximum_count) {
      *next = index;
      return SLUICE_OK;
    }
    sluice_status status = receiver->checkpoint(receiver->context, (sluice_bytes){(uint8_t *)at, (uint64_t)(end + 2 - at)});
    if (status != SLUICE_OK) return status;
  }
  return SLUICE_OK;
}

static void close_reader(void *self) {
  close(((reader *)self)->file);
  if (((reader *)self)->checkpoints >= 0) close(((reader *)self)->checkpoints);
  free(self);
}

static const void *get_sink_extension(const sluice_plugin *plugin, sluice_bytes id) {
  static sluice_sink_read table;
  sluice_bytes known = text_of(SLUICE_SINK_READ_ID);
  if (id.length != known.length || memcmp(id.data, known.data, id.length) != 0) return get_extension(plugin, id);
  table = (sluice_sink_read){.size = sizeof table, .filter = &filter_table, .configure = configure, .logs = logs,
                             .open = open_reader, .records = read_records, .checkpoints = read_checkpoints,
                             .close = close_reader};
  return &table;
}

SLUICE_NOTE("org.example.broken", "sluice.sink/1 sluice.sink.read/1")

EXPORTED const sluice_plugin *sluice_plugin_v1(const sluice_host *host) {
  static sluice_sink table;
  static sluice_plugin plugin;
  table = (sluice_sink){.size = sizeof table, .filter = &filter_table, .promises = promises, .open = open_session,
                        .recover = recover, .append = append, .flush = flush, .close = close_session, .probe = probe,
                        .checkpoint = checkpoint, .recover_checkpoint = recover_checkpoint};
  const sluice_plugin *made = enter(host, SLUICE_SINK_ID, &table);
  if (made == NULL) return NULL;
  plugin = *made;
  plugin.get_extension = get_sink_extension;
  return &plugin;
}
