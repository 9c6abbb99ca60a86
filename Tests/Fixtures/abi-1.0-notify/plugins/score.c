/* kept_score.c: `score: kept-score`, a score filter in plain C.
 *
 * score.h says what is asked of it. A filter may be called from several threads at once; a session is used by one at
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

#define POINTS 10u /* for each finding */

static uint32_t wants(void *self) {
  (void)self;
  return 0; /* findings are enough; SLUICE_REVIEW_TEXT would ask for the text, too */
}

static sluice_status segment(void *self, const sluice_segment *segment, sluice_bytes text, sluice_array findings,
                             sluice_array fingerprints, sluice_error *error) {
  session *s = self;
  (void)segment, (void)text, (void)fingerprints, (void)error;
  s->findings += findings.count;
  return SLUICE_OK;
}

/* The same request always gets the same score: no clock, no chance. */
static sluice_status finish(void *self, const sluice_score_emitter *emitter, uint32_t *score, sluice_error *error) {
  session *s = self;
  *score = s->findings < 10 ? (uint32_t)s->findings * POINTS : 100;
  if (s->findings == 0) return SLUICE_OK;
  sluice_score_reason reason = {.size = sizeof reason,
                                .points = (int32_t)*score,
                                .count = s->findings,
                                .code = text_of("kept-score/findings")};
  return emitter->reason(emitter->context, &reason) == SLUICE_OK
             ? SLUICE_OK
             : fail(error, SLUICE_ERROR_INTERNAL, "the host refused a reason");
}

/* ---- The tables ---- */

static sluice_filter filter_table;
static sluice_score score_table;

static void fill_tables(void) {
  filter_table = (sluice_filter){.size = sizeof filter_table,
                                 .name = text_of("kept-score"),
                                 .summary = text_of("ten points for each finding"),
                                 .schema = text_of(schema),
                                 .create = create,
                                 .destroy = destroy};
  score_table = (sluice_score){.size = sizeof score_table,
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
  sluice_bytes wanted = text_of("sluice.score/1");
  return id.length == wanted.length && memcmp(id.data, wanted.data, id.length) == 0 ? &score_table : NULL;
}

/* What the file says of itself before anything of it runs. */
SLUICE_NOTE("org.example.kept-score", "sluice.score/1")

/* The one symbol that it exports. */
__attribute__((visibility("default"))) const sluice_plugin *sluice_plugin_v1(const sluice_host *host) {
  static sluice_plugin plugin;
  if (host == NULL || host->abi_major != SLUICE_ABI_MAJOR) return NULL;
  fill_tables();
  plugin = (sluice_plugin){.size = sizeof plugin,
                           .abi_major = SLUICE_ABI_MAJOR,
                           .abi_minor = SLUICE_ABI_MINOR,
                           .id = text_of("org.example.kept-score"),
                           .version = text_of("0.1.0"),
                           .get_extension = get_extension};
  return &plugin;
}
