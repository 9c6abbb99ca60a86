/* national_id.c: `detect: national-id`, a filter in plain C that finds Spain's national identity numbers: eight digits
 * and a letter that is computed from them (12345678Z), with no letter or digit on either side.
 *
 * EmployeeId is the example to read first; this one shows a check letter, and a matcher that needs no memory but a few
 * bytes for each text. */
#include <sluice/sluice.h>

#include <stdlib.h>
#include <string.h>

#define DIGITS 8
#define LENGTH (DIGITS + 1)
#define MAXIMUM_TEXTS 1024

static sluice_bytes text_of(const char *text) { return (sluice_bytes){(const uint8_t *)text, strlen(text)}; }

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

/* ---- The matcher: how many bytes of a number have been seen, and what they add up to ---- */

typedef struct {
  uint32_t count;  /* bytes that may be a number: digits, and the letter when it is LENGTH */
  uint32_t value;  /* of the digits */
  int after_word;  /* whether the byte before them is part of a word: then they are none */
} matcher;

/* A byte from 0x80 on is part of a letter of another alphabet. */
static int is_word(uint8_t byte) {
  return byte >= 0x80 || byte == '_' || (byte >= '0' && byte <= '9') || ((byte | 32) >= 'a' && (byte | 32) <= 'z');
}

static void take(matcher *m, uint8_t byte) {
  static const char letters[] = "TRWAGMYFPDXBNJZSQVHLCKE"; /* by the number modulo 23 */
  if (!m->after_word && m->count < DIGITS && byte >= '0' && byte <= '9') {
    m->value = m->value * 10 + (uint32_t)(byte - '0');
    m->count++;
  } else if (!m->after_word && m->count == DIGITS && (byte & ~32) == letters[m->value % 23]) {
    m->count++;
  } else {
    *m = (matcher){.after_word = is_word(byte)};
  }
}

/* ---- A session: one matcher for each text that is under way ---- */

typedef struct text_state {
  struct text_state *next;
  uint64_t segment;
  matcher matcher;
} text_state;

typedef struct {
  text_state *texts;
  uint32_t count;
} session;

static sluice_status emit(const sluice_finding_emitter *emitter, uint64_t end) {
  sluice_finding finding = {.size = sizeof finding,
                            .confidence = 9500,
                            .start = end - LENGTH,
                            .end = end,
                            .kind = text_of("NATIONAL_ID"),
                            .detector = text_of("national-id/dni")};
  return emitter->emit(emitter->context, &finding);
}

static sluice_status session_feed(void *self, const sluice_segment *segment, uint64_t base, sluice_bytes bytes,
                                  uint32_t end, const sluice_finding_emitter *emitter, uint64_t *safe_through,
                                  sluice_error *error) {
  session *s = self;
  text_state **link = &s->texts;
  while (*link != NULL && (*link)->segment != segment->id) link = &(*link)->next;
  if (*link == NULL) {
    if (s->count == MAXIMUM_TEXTS) return fail(error, SLUICE_ERROR_LIMIT, "more than 1024 texts at once");
    *link = calloc(1, sizeof **link);
    if (*link == NULL) return fail(error, SLUICE_ERROR_LIMIT, "out of memory");
    (*link)->segment = segment->id;
    s->count++;
  }
  matcher *m = &(*link)->matcher;
  sluice_status status = SLUICE_OK;
  for (uint64_t i = 0; i < bytes.length && status == SLUICE_OK; i++) {
    if (m->count == LENGTH && !is_word(bytes.data[i])) status = emit(emitter, base + i);
    take(m, bytes.data[i]);
  }
  *safe_through = base + bytes.length - m->count;
  if (end && status == SLUICE_OK) {
    if (m->count == LENGTH) status = emit(emitter, base + bytes.length);
    text_state *done = *link;
    *link = done->next;
    free(done);
    s->count--;
  }
  return status == SLUICE_OK ? SLUICE_OK : fail(error, SLUICE_ERROR_INTERNAL, "the host refused a finding");
}

static sluice_status session_open(void *self, const sluice_exchange *exchange, void **opened, sluice_error *error) {
  (void)self, (void)exchange;
  *opened = calloc(1, sizeof(session));
  return *opened != NULL ? SLUICE_OK : fail(error, SLUICE_ERROR_LIMIT, "out of memory");
}

static void session_close(void *self) {
  session *s = self;
  while (s->texts != NULL) {
    text_state *next = s->texts->next;
    free(s->texts);
    s->texts = next;
  }
  free(s);
}

/* ---- An instance: there is nothing to configure, and so nothing in it ---- */

static sluice_status create(const sluice_filter *filter, const sluice_host *host, sluice_bytes configuration,
                            void **created, sluice_error *error) {
  (void)filter, (void)host;
  if (configuration.length != 2 || memcmp(configuration.data, "{}", 2) != 0) {
    return fail(error, SLUICE_ERROR_CONFIGURATION, "this filter has nothing to configure");
  }
  *created = NULL;
  return SLUICE_OK;
}

static void destroy(const sluice_filter *filter, void *self) { (void)filter, (void)self; }

static uint64_t maximum_hold(void *self) {
  (void)self;
  return LENGTH;
}

/* ---- The tables, and the note ---- */

static sluice_filter filter_table;
static sluice_detect detect_table;
static sluice_plugin plugin_table;

static const void *get_extension(const sluice_plugin *plugin, sluice_bytes id) {
  (void)plugin;
  sluice_bytes detect = text_of(SLUICE_DETECT_ID);
  return id.length == detect.length && memcmp(id.data, detect.data, id.length) == 0 ? &detect_table : NULL;
}

SLUICE_NOTE("org.example.national-id", "sluice.detect/1")

__attribute__((visibility("default"))) const sluice_plugin *sluice_plugin_v1(const sluice_host *host) {
  if (host == NULL || host->abi_major != SLUICE_ABI_MAJOR) return NULL;
  filter_table = (sluice_filter){.size = sizeof filter_table,
                                 .name = text_of("national-id"),
                                 .summary = text_of("finds Spain's national identity numbers, such as 12345678Z"),
                                 .schema = text_of("{\"type\":\"object\"}"),
                                 .create = create,
                                 .destroy = destroy};
  detect_table = (sluice_detect){.size = sizeof detect_table,
                                 .filter = &filter_table,
                                 .maximum_hold = maximum_hold,
                                 .open = session_open,
                                 .feed = session_feed,
                                 .close = session_close};
  plugin_table = (sluice_plugin){.size = sizeof plugin_table,
                                 .abi_major = SLUICE_ABI_MAJOR,
                                 .abi_minor = SLUICE_ABI_MINOR,
                                 .id = text_of("org.example.national-id"),
                                 .version = text_of("1.0.0"),
                                 .get_extension = get_extension};
  return &plugin_table;
}
