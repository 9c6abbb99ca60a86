/* plugin.c: the entry, and what all filters of the test plugin have in common. */
#include "filters.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

static _Atomic int64_t live_instances;

sluice_status fail(sluice_error *error, sluice_status status, uint32_t flags, const char *message,
                   const char *pointer) {
  if (error == NULL) return status;
  error->flags = flags;
  error->message_length = strlen(message);
  if (error->message_length > error->message_capacity) error->message_length = error->message_capacity;
  memcpy(error->message, message, error->message_length);
  error->pointer_length = strlen(pointer);
  if (error->pointer_length > error->pointer_capacity) error->pointer_length = error->pointer_capacity;
  memcpy(error->pointer, pointer, error->pointer_length);
  return status;
}

sluice_status common_fault(const instance *self, sluice_error *error) {
  if (fault(self, "internal")) return fail(error, SLUICE_ERROR_INTERNAL, 0, "the filter\ngave up\x1b[31m", "");
  if (fault(self, "protected")) {
    return fail(error, SLUICE_ERROR_INPUT, SLUICE_ERROR_PROTECTED, "CANARY-4711 is in the text", "");
  }
  if (fault(self, "unavailable")) return fail(error, SLUICE_ERROR_UNAVAILABLE, 0, "nobody answers", "");
  if (fault(self, "unknown-status")) return -4711;
  if (fault(self, "strange-flow")) return 77;
  if (fault(self, "pending")) return SLUICE_PENDING;
  if (fault(self, "long-message") && error != NULL) error->message_length = UINT64_MAX;
  if (fault(self, "long-message")) return SLUICE_ERROR_LIMIT;
  return SLUICE_OK;
}

/* Says in the host's log how many instances there are now. */
static void say(const sluice_host *host, const char *literal, int64_t count) {
  const sluice_host_log *log = host->get_extension(host, text_of(SLUICE_HOST_LOG_ID));
  sluice_log_field field = {.size = sizeof field, .disclosure = SLUICE_FIELD_PUBLIC, .name = text_of("live"), .number = count};
  log->write(host, SLUICE_LOG_INFO, text_of(literal), (sluice_array){&field, 1, sizeof field});
}

/* Tries to say in the host's log what must not stand there. */
static void gossip(const sluice_host *host) {
  const sluice_host_log *log = host->get_extension(host, text_of(SLUICE_HOST_LOG_ID));
  char made[] = "made up: CANARY-1";
  sluice_log_field fields[] = {
      {.size = sizeof fields[0], .disclosure = SLUICE_FIELD_PROTECTED, .name = text_of("text"), .text = text_of("CANARY-2")},
      {.size = sizeof fields[0], .disclosure = 4711, .name = text_of("other"), .text = text_of("CANARY-3")},
      {.size = sizeof fields[0], .disclosure = SLUICE_FIELD_PROTECTED, .name = text_of("number"), .number = 4711},
      {.size = sizeof fields[0], .disclosure = SLUICE_FIELD_PUBLIC, .name = text_of("plain"), .text = text_of("one\ntwo")},
      {.size = sizeof fields[0], .disclosure = SLUICE_FIELD_PUBLIC, .name = text_of(made), .number = 1},
  };
  log->write(host, SLUICE_LOG_WARNING, text_of(made), (sluice_array){fields, 5, sizeof fields[0]});
}

static const char schema[] =
    "{\"type\":\"object\",\"properties\":{\"mode\":{\"type\":\"string\"},\"fault\":{\"type\":\"string\"}}}";

static sluice_status validate(const sluice_filter *filter, sluice_bytes configuration, sluice_error *error) {
  (void)filter;
  static const char bad[] = "\"mode\":\"invalid\"";
  for (uint64_t i = 0; i + sizeof bad - 1 <= configuration.length; i++) {
    if (memcmp(configuration.data + i, bad, sizeof bad - 1) == 0) {
      return fail(error, SLUICE_ERROR_CONFIGURATION, 0, "there is no such mode", "/mode");
    }
  }
  return SLUICE_OK;
}

static sluice_status create(const sluice_filter *filter, const sluice_host *host, sluice_bytes configuration,
                            void **created, sluice_error *error) {
  sluice_status status = validate(filter, configuration, error);
  if (status != SLUICE_OK) return status;
  instance *self = calloc(1, sizeof *self);
  if (self == NULL || configuration.length >= sizeof self->configuration) {
    free(self);
    return fail(error, SLUICE_ERROR_LIMIT, 0, "the configuration is too long", "");
  }
  memcpy(self->configuration, configuration.data, configuration.length);
  self->host = host;
  if (fault(self, "create")) {
    free(self);
    return fail(error, SLUICE_ERROR_UNAVAILABLE, 0, "the dictionary is not there", "");
  }
  say(host, "an instance begins", atomic_fetch_add(&live_instances, 1) + 1);
  if (mode(self, "gossip")) gossip(host);
  if (mode(self, "history")) self->history = host->get_extension(host, text_of(SLUICE_HOST_HISTORY_ID));
  *created = self;
  return SLUICE_OK;
}

/* Until the test says so, by a file; a sandbox never lets it see one. Half a minute at most. */
static void await_leave(void) {
  char path[64];
  snprintf(path, sizeof path, "/tmp/sluice-may-end-%d", (int)getpid());
  for (int i = 0; i < 30000 && access(path, F_OK) != 0; i++) usleep(1000);
}

static void destroy(const sluice_filter *filter, void *self) {
  (void)filter;
  if (((instance *)self)->sessions != 0) abort(); /* the header says that all sessions have been closed */
  if (mode(self, "ends-late")) await_leave();
  say(((instance *)self)->host, "an instance ends", atomic_fetch_sub(&live_instances, 1) - 1);
  free(self);
}

sluice_filter filter_table = {.size = sizeof(sluice_filter), .validate = validate, .create = create, .destroy = destroy};

static int is_id(sluice_bytes id, const char *wanted) {
  return id.length == strlen(wanted) && memcmp(id.data, wanted, id.length) == 0;
}

static const void *get_extension(const sluice_plugin *plugin, sluice_bytes id) {
  (void)plugin;
  if (is_id(id, SLUICE_DETECT_ID)) return &detect_table;
  if (is_id(id, SLUICE_MASK_ID)) return &mask_table;
  if (is_id(id, SLUICE_GUARD_ID)) return &guard_table;
  if (is_id(id, SLUICE_SCORE_ID)) return &score_table;
  if (is_id(id, SLUICE_GATE_ID)) return &gate_table;
  if (is_id(id, SLUICE_AUTHENTICATE_ID)) return &authenticate_table;
  if (is_id(id, SLUICE_SINK_ID)) return &sink_table;
  if (is_id(id, SLUICE_SINK_READ_ID)) return &sink_read_table;
  return NULL;
}

static sluice_plugin plugin_table = {.size = sizeof(sluice_plugin),
                                     .abi_major = SLUICE_ABI_MAJOR,
                                     .abi_minor = SLUICE_ABI_MINOR + 7, /* newer than the host, and welcome */
                                     .get_extension = get_extension};

static void fill(void) {
  filter_table.name = text_of("test-filters");
  filter_table.summary = text_of("filters of every kind, for tests");
  filter_table.schema = text_of(schema);
  plugin_table.id = text_of("org.sluice.test-filters");
  plugin_table.version = text_of("1.0.0");
}

SLUICE_NOTE("org.sluice.test-filters",
            "sluice.detect/1 sluice.mask/1 sluice.guard/1 sluice.score/1 sluice.gate/1 sluice.authenticate/1 sluice.sink/1")

__attribute__((visibility("default"))) const sluice_plugin *sluice_plugin_v1(const sluice_host *host) {
  static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
  static const sluice_host *hosts[4096];
  static int count;
  pthread_mutex_lock(&lock);
  int is_known = host == NULL || count == 4096;
  for (int i = 0; i < count; i++) is_known |= hosts[i] == host;
  if (!is_known) hosts[count++] = host;
  if (count == 1) fill();
  pthread_mutex_unlock(&lock);
  return is_known ? NULL : &plugin_table; /* the entry is called once for each host */
}
