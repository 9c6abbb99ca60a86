/* common.h: what the well-behaved plugins of this folder share. A file that breaks a rule defines a hook before it
 * includes one of them. */
#define _GNU_SOURCE
#include <sluice/sluice.h>

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#ifndef ENTRY_HOOK /* in the entry */
#define ENTRY_HOOK(host)
#endif
#ifndef CREATE_HOOK /* before an instance is made; may return a status */
#define CREATE_HOOK(configuration, error)
#endif
#ifndef DESTROY_HOOK
#define DESTROY_HOOK(instance)
#endif
#ifndef SCHEMA
#define SCHEMA "{\"type\":\"object\",\"properties\":{\"path\":{\"type\":\"string\"}}}"
#endif
#ifndef FLAGS
#define FLAGS 0
#endif

static sluice_bytes text_of(const char *text) { return (sluice_bytes){(const uint8_t *)text, strlen(text)}; }

static sluice_status fail(sluice_error *error, sluice_status status, const char *message) {
  if (error != NULL && error->message != NULL) {
    uint64_t length = strlen(message);
    if (length > error->message_capacity) length = error->message_capacity;
    memcpy(error->message, message, length);
    error->message_length = length;
  }
  return status;
}

typedef struct {
  const sluice_host *host;
  char configuration[1024];
} instance;

static sluice_status create(const sluice_filter *filter, const sluice_host *host, sluice_bytes configuration,
                            void **created, sluice_error *error) {
  (void)filter;
  CREATE_HOOK(configuration, error)
  if (configuration.length < 2 || configuration.length >= 1024 || configuration.data[0] != '{') {
    return fail(error, SLUICE_ERROR_CONFIGURATION, "this is no object of at most 1023 bytes");
  }
  instance *made = calloc(1, sizeof *made);
  if (made == NULL) return fail(error, SLUICE_ERROR_LIMIT, "out of memory");
  made->host = host;
  memcpy(made->configuration, configuration.data, configuration.length);
  *created = made;
  return SLUICE_OK;
}

static void destroy(const sluice_filter *filter, void *self) {
  (void)filter;
  DESTROY_HOOK(self)
  free(self);
}

#ifndef VALIDATE
#define VALIDATE NULL
#endif

static sluice_filter filter_table;

static void fill_filter(void) {
  filter_table = (sluice_filter){.size = sizeof filter_table, .flags = FLAGS, .name = text_of("broken"),
                                 .summary = text_of("for tests"), .schema = text_of(SCHEMA), .validate = VALIDATE,
                                 .create = create, .destroy = destroy};
}

static const void *table_of_kind;
static const char *id_of_kind;

static const void *get_extension(const sluice_plugin *plugin, sluice_bytes id) {
  (void)plugin;
  sluice_bytes known = text_of(id_of_kind);
  return id.length == known.length && memcmp(id.data, known.data, id.length) == 0 ? table_of_kind : NULL;
}

static const sluice_plugin *enter(const sluice_host *host, const char *id, const void *table) {
  static sluice_plugin plugin;
  if (host == NULL || host->abi_major != SLUICE_ABI_MAJOR) return NULL;
  ENTRY_HOOK(host)
  fill_filter();
  id_of_kind = id;
  table_of_kind = table;
  plugin = (sluice_plugin){.size = sizeof plugin, .abi_major = SLUICE_ABI_MAJOR, .abi_minor = SLUICE_ABI_MINOR,
                           .id = text_of("org.example.broken"), .version = text_of("1.0.0"),
                           .get_extension = get_extension};
  return &plugin;
}

#define EXPORTED __attribute__((visibility("default")))
