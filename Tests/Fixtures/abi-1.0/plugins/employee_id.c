/* employee_id.c: `detect: employee-id`, a filter in plain C that finds employees' numbers: EMP-123456.
 *
 * It is meant to be read, and copied. Build it with `make`; the README says how to use it. From top to bottom:
 *
 *   1. the matcher: knows what a number looks like; nothing of Sluice in it
 *   2. a session: one matcher for each text that is under way, and the rule for `safe_through`
 *   3. an instance: one configuration
 *   4. the tables that the host asks for, and the note that it reads before it asks for anything
 */
#include <sluice/sluice.h>

#include <stdlib.h>
#include <string.h>

#define DIGITS 6
#define MAXIMUM_PREFIX 16
/* The most that is ever held back: a whole number but for the byte that ends it. */
#define MAXIMUM_HOLD (MAXIMUM_PREFIX + DIGITS)
/* Texts that one session has under way at once; a stream has one for each choice or block. */
#define MAXIMUM_TEXTS 1024

static sluice_bytes text_of(const char *text) { return (sluice_bytes){(const uint8_t *)text, strlen(text)}; }

/* Tells the host what went wrong. The message must never hold text of an exchange. */
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

/* ---- 1. The matcher -------------------------------------------------------------------------------------
 * A number is the prefix and six digits, with no letter or digit on either side of it. Bytes are looked at one
 * by one, so it makes no difference where a text was cut. */

typedef struct {
  uint8_t held[MAXIMUM_HOLD]; /* the bytes that may still become a number; they end at the last byte seen */
  uint32_t count;
  uint8_t before; /* the byte before them; 0 at the beginning of the text */
} matcher;

/* A byte from 0x80 on is part of a letter of another alphabet. */
static int is_word(uint8_t byte) {
  return byte >= 0x80 || byte == '_' || (byte >= '0' && byte <= '9') || ((byte | 32) >= 'a' && (byte | 32) <= 'z');
}

/* Whether the held bytes are the beginning of a number, or a whole one. */
static int may_match(const matcher *m, sluice_bytes prefix) {
  if (is_word(m->before)) return 0;
  for (uint32_t i = 0; i < m->count; i++) {
    if (i < prefix.length ? m->held[i] != prefix.data[i] : m->held[i] < '0' || m->held[i] > '9') return 0;
  }
  return m->count <= prefix.length + DIGITS;
}

static void drop_first(matcher *m) {
  m->before = m->held[0];
  m->count--;
  memmove(m->held, m->held + 1, m->count);
}

/* Whether the held bytes are a whole number, given what follows: a byte, or the end of the text. */
static int is_number(const matcher *m, sluice_bytes prefix, int at_end, uint8_t next) {
  return m->count == prefix.length + DIGITS && (at_end || !is_word(next));
}

/* ---- 2. A session: one direction of one exchange --------------------------------------------------------- */

typedef struct {
  sluice_bytes prefix;
  uint8_t prefix_text[MAXIMUM_PREFIX];
} instance;

typedef struct text_state {
  struct text_state *next;
  uint64_t segment;
  matcher matcher;
} text_state;

typedef struct {
  const instance *instance;
  text_state *texts;
  uint32_t count;
} session;

static text_state **find_text(session *s, uint64_t segment) {
  text_state **link = &s->texts;
  while (*link != NULL && (*link)->segment != segment) link = &(*link)->next;
  return link;
}

static sluice_status emit(const sluice_finding_emitter *emitter, uint64_t start, uint64_t end) {
  sluice_finding finding = {
      .size = sizeof finding,
      .confidence = 9000, /* of 10000 */
      .start = start,
      .end = end,
      .kind = text_of("EMPLOYEE_ID"),
      .detector = text_of("employee-id/number"),
  };
  return emitter->emit(emitter->context, &finding);
}

static sluice_status session_feed(void *self, const sluice_segment *segment, uint64_t base, sluice_bytes bytes,
                                  uint32_t end, const sluice_finding_emitter *emitter, uint64_t *safe_through,
                                  sluice_error *error) {
  session *s = self;
  sluice_bytes prefix = s->instance->prefix;
  text_state **link = find_text(s, segment->id);
  if (*link == NULL) {
    if (s->count == MAXIMUM_TEXTS) return fail(error, SLUICE_ERROR_LIMIT, "more than 1024 texts at once");
    *link = calloc(1, sizeof **link);
    if (*link == NULL) return fail(error, SLUICE_ERROR_LIMIT, "out of memory");
    (*link)->segment = segment->id;
    s->count++;
  }
  matcher *m = &(*link)->matcher;

  for (uint64_t i = 0; i < bytes.length; i++) {
    if (is_number(m, prefix, 0, bytes.data[i])) {
      sluice_status status = emit(emitter, base + i - m->count, base + i);
      if (status < 0) return status;
    }
    if (m->count == prefix.length + DIGITS) drop_first(m); /* a number, or too long for one: done with */
    while (m->count > 0 && !may_match(m, prefix)) drop_first(m);
    m->held[m->count++] = bytes.data[i];
    while (m->count > 0 && !may_match(m, prefix)) drop_first(m);
  }
  /* What is held may still be the beginning of a number, and everything before it can't. This is all that a
   * filter has to say for the host to release text as early as is safe. */
  *safe_through = base + bytes.length - m->count;

  if (end) {
    sluice_status status = SLUICE_OK;
    if (is_number(m, prefix, 1, 0)) status = emit(emitter, *safe_through, base + bytes.length);
    *safe_through = base + bytes.length;
    text_state *done = *link;
    *link = done->next;
    free(done);
    s->count--;
    if (status < 0) return status;
  }
  return SLUICE_OK;
}

static sluice_status session_open(void *self, const sluice_exchange *exchange, void **opened, sluice_error *error) {
  (void)exchange;
  session *s = calloc(1, sizeof *s);
  if (s == NULL) return fail(error, SLUICE_ERROR_LIMIT, "out of memory");
  s->instance = self;
  *opened = s;
  return SLUICE_OK;
}

/* May come in the middle of a text: the exchange was denied, or the client left. */
static void session_close(void *self) {
  session *s = self;
  while (s->texts != NULL) {
    text_state *next = s->texts->next;
    free(s->texts);
    s->texts = next;
  }
  free(s);
}

/* ---- 3. An instance: one configuration, shared between threads ------------------------------------------- */

static const char schema[] =
    "{\"type\":\"object\",\"properties\":{\"prefix\":{"
    "\"type\":\"string\",\"pattern\":\"^[A-Za-z0-9_-]{1,16}$\",\"default\":\"EMP-\","
    "\"description\":\"what a number begins with: up to 16 letters, digits, - and _\"}}}";

/* The host has checked the configuration against the schema and made it canonical: it is `{}` or
 * `{"prefix":"..."}`, without blanks, and the schema's pattern leaves nothing to be unescaped. */
static int read_configuration(sluice_bytes json, instance *into) {
  static const char head[] = "{\"prefix\":\"", tail[] = "\"}";
  uint64_t around = sizeof head - 1 + sizeof tail - 1;
  sluice_bytes prefix = text_of("EMP-");
  if (!(json.length == 2 && memcmp(json.data, "{}", 2) == 0)) {
    if (json.length <= around || json.length > around + MAXIMUM_PREFIX) return 0;
    if (memcmp(json.data, head, sizeof head - 1) != 0) return 0;
    prefix = (sluice_bytes){json.data + sizeof head - 1, json.length - around};
  }
  memcpy(into->prefix_text, prefix.data, prefix.length);
  into->prefix = (sluice_bytes){into->prefix_text, prefix.length};
  return 1;
}

static sluice_status create(const sluice_filter *filter, const sluice_host *host, sluice_bytes configuration,
                            void **created, sluice_error *error) {
  (void)filter, (void)host;
  instance *made = calloc(1, sizeof *made);
  if (made == NULL) return fail(error, SLUICE_ERROR_LIMIT, "out of memory");
  if (!read_configuration(configuration, made)) {
    free(made);
    return fail(error, SLUICE_ERROR_CONFIGURATION, "expected {} or {\"prefix\": \"EMP-\"}");
  }
  *created = made;
  return SLUICE_OK;
}

static void destroy(const sluice_filter *filter, void *self) {
  (void)filter;
  free(self);
}

static uint64_t maximum_hold(void *self) { return ((const instance *)self)->prefix.length + DIGITS; }

/* ---- 4. The tables --------------------------------------------------------------------------------------- */

static sluice_filter filter_table;
static sluice_detect detect_table;
static sluice_plugin plugin_table;

static const void *get_extension(const sluice_plugin *plugin, sluice_bytes id) {
  (void)plugin;
  sluice_bytes detect = text_of(SLUICE_DETECT_ID);
  return id.length == detect.length && memcmp(id.data, detect.data, id.length) == 0 ? &detect_table : NULL;
}

/* What the file says of itself before it is loaded. */
SLUICE_NOTE("org.example.employee-id", "sluice.detect/1")

/* The one symbol that the library exports. */
__attribute__((visibility("default"))) const sluice_plugin *sluice_plugin_v1(const sluice_host *host) {
  if (host == NULL || host->abi_major != SLUICE_ABI_MAJOR) return NULL;
  filter_table = (sluice_filter){
      .size = sizeof filter_table,
      .name = text_of("employee-id"),
      .summary = text_of("finds employees' numbers, such as EMP-123456"),
      .schema = text_of(schema),
      .create = create, .destroy = destroy,
  };
  detect_table = (sluice_detect){
      .size = sizeof detect_table,
      .filter = &filter_table,
      .maximum_hold = maximum_hold,
      .open = session_open, .feed = session_feed, .close = session_close,
  };
  plugin_table = (sluice_plugin){
      .size = sizeof plugin_table, .abi_major = SLUICE_ABI_MAJOR, .abi_minor = SLUICE_ABI_MINOR,
      .id = text_of("org.example.employee-id"),
      .version = text_of("1.0.0"),
      .get_extension = get_extension,
  };
  return &plugin_table;
}
