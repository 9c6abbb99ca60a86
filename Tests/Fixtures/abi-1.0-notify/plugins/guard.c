/* kept_guard.c: `guard: kept-guard`, a guard filter in plain C.
 *
 * guard.h says what is asked of it. A filter may be called from several threads at once; a session is used by one at
 * a time. What it allocates, it frees; what it is given, it may look at until the call returns. */
#define _GNU_SOURCE
#include <sluice/sluice.h>

#include <stdlib.h>
#include <string.h>

static sluice_bytes text_of(const char *text) { return (sluice_bytes){(const uint8_t *)text, strlen(text)}; }

/* Says why a call fails. Never text of the exchange: the host shows and logs it. */
static sluice_status fail(sluice_error *error, sluice_status status, const char *message) {
  if (error != NULL && error->message != NULL) {
    uint64_t length = strlen(message);
    if (length > error->message_capacity) length = error->message_capacity;
    memcpy(error->message, message, length);
    error->message_length = length;
    error->flags = 0;
  }
  return status;
}

/* ---- An instance: one configuration, shared between threads. Here there is nothing to configure. ---- */

static const char schema[] = "{\"type\":\"object\",\"additionalProperties\":false}";

static sluice_status create(const sluice_filter *filter, const sluice_host *host, sluice_bytes configuration,
                            void **created, sluice_error *error) {
  (void)filter, (void)host, (void)configuration, (void)error;
  *created = NULL;
  return SLUICE_OK;
}

static void destroy(const sluice_filter *filter, void *self) { (void)filter, (void)self; }

/* ---- A session: one direction of one exchange ---- */

typedef struct {
  uint64_t findings;
} session;

static sluice_status open_session(void *self, const sluice_exchange *exchange, void **opened, sluice_error *error) {
  (void)self, (void)exchange;
  *opened = calloc(1, sizeof(session));
  return *opened != NULL ? SLUICE_OK : fail(error, SLUICE_ERROR_LIMIT, "out of memory");
}

#define MOST 20u /* findings in one request */

static uint32_t wants(void *self) {
  (void)self;
  return 0; /* findings are enough; SLUICE_REVIEW_TEXT would ask for the text, too */
}

static sluice_status segment(void *self, const sluice_segment *segment, sluice_bytes text, sluice_array findings,
                             sluice_error *error) {
  session *s = self;
  (void)segment, (void)text, (void)error;
  s->findings += findings.count;
  return SLUICE_OK;
}

/* Exactly one verdict. Without one the exchange is denied. */
static sluice_status finish(void *self, const sluice_guard_emitter *emitter, sluice_error *error) {
  session *s = self;
  sluice_guard_verdict verdict = {.size = sizeof verdict, .verdict = SLUICE_GUARD_ALLOW};
  if (s->findings > MOST) {
    verdict.verdict = SLUICE_GUARD_DENY;
    verdict.rule = text_of("too-many-values");
    verdict.message = text_of("The request names too many protected values. Ask about fewer patients at once.");
  }
  return emitter->emit(emitter->context, &verdict) == SLUICE_OK
             ? SLUICE_OK
             : fail(error, SLUICE_ERROR_INTERNAL, "the host refused a verdict");
}

/* ---- The tables ---- */

static sluice_filter filter_table;
static sluice_guard guard_table;

static void fill_tables(void) {
  filter_table = (sluice_filter){.size = sizeof filter_table,
                                 .name = text_of("kept-guard"),
                                 .summary = text_of("denies requests with more than 20 findings"),
                                 .schema = text_of(schema),
                                 .create = create,
                                 .destroy = destroy};
  guard_table = (sluice_guard){.size = sizeof guard_table,
                               .filter = &filter_table,
                               .wants = wants,
                               .open = open_session,
                               .segment = segment,
                               .finish = finish,
                               .close = free};
}

/* ---- What the host asks for ---- */

static const void *get_extension(const sluice_plugin *plugin, sluice_bytes id) {
  (void)plugin;
  sluice_bytes wanted = text_of("sluice.guard/1");
  return id.length == wanted.length && memcmp(id.data, wanted.data, id.length) == 0 ? &guard_table : NULL;
}

/* What the file says of itself before anything of it runs. */
SLUICE_NOTE("org.example.kept-guard", "sluice.guard/1")

/* The one symbol that it exports. */
__attribute__((visibility("default"))) const sluice_plugin *sluice_plugin_v1(const sluice_host *host) {
  static sluice_plugin plugin;
  if (host == NULL || host->abi_major != SLUICE_ABI_MAJOR) return NULL;
  fill_tables();
  plugin = (sluice_plugin){.size = sizeof plugin,
                           .abi_major = SLUICE_ABI_MAJOR,
                           .abi_minor = SLUICE_ABI_MINOR,
                           .id = text_of("org.example.kept-guard"),
                           .version = text_of("0.1.0"),
                           .get_extension = get_extension};
  return &plugin;
}
