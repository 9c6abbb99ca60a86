/* detect.h: finds runs of 4 to 64 digits. */
#include "common.h"

#ifndef FEED_HOOK /* at the end of feed; `s`, `base`, `bytes`, `end`, `emitter`, `safe` are there */
#define FEED_HOOK
#endif
#ifndef OPEN_HOOK
#define OPEN_HOOK
#endif
#ifndef CLOSE_HOOK
#define CLOSE_HOOK
#endif
#ifndef IS_SAME_TEXT /* whether the state `t` is that of `segment` */
#define IS_SAME_TEXT(t, segment) ((t)->segment == (segment)->id)
#endif
#ifndef KIND
#define KIND "NUM"
#endif

typedef struct text {
  struct text *next;
  uint64_t segment, run;
} text;

typedef struct {
  instance *owner;
  text *texts;
  int number;
} session;

static sluice_status emit(const sluice_finding_emitter *emitter, uint64_t start, uint64_t end, const char *kind) {
  sluice_finding finding = {.size = sizeof finding, .confidence = 9000, .start = start, .end = end,
                            .kind = text_of(kind), .detector = text_of("broken/digits")};
  return emitter->emit(emitter->context, &finding);
}

static sluice_status feed(void *self, const sluice_segment *segment, uint64_t base, sluice_bytes bytes, uint32_t end,
                          const sluice_finding_emitter *emitter, uint64_t *safe, sluice_error *error) {
  session *s = self;
  text **link = &s->texts;
  while (*link != NULL && !IS_SAME_TEXT(*link, segment)) link = &(*link)->next;
  if (*link == NULL) {
    *link = calloc(1, sizeof **link);
    if (*link == NULL) return fail(error, SLUICE_ERROR_LIMIT, "out of memory");
    (*link)->segment = segment->id;
  }
  text *t = *link;
  sluice_status status = SLUICE_OK;
  for (uint64_t i = 0; i <= bytes.length && status == SLUICE_OK; i++) {
    int is_digit = i < bytes.length && bytes.data[i] >= '0' && bytes.data[i] <= '9';
    int ends = (i < bytes.length && (!is_digit || t->run == 64)) || (i == bytes.length && end);
    if (ends && t->run >= 4) status = emit(emitter, base + i - t->run, base + i, KIND);
    if (ends) t->run = 0;
    if (is_digit) t->run++;
  }
  *safe = base + bytes.length - t->run;
  FEED_HOOK
  if (end) {
    *link = t->next;
    free(t);
  }
  return status == SLUICE_OK ? SLUICE_OK : fail(error, SLUICE_ERROR_INTERNAL, "a finding was refused");
}

static sluice_status open_session(void *self, const sluice_exchange *exchange, void **opened, sluice_error *error) {
  (void)exchange;
  session *s = calloc(1, sizeof *s);
  if (s == NULL) return fail(error, SLUICE_ERROR_LIMIT, "out of memory");
  s->owner = self;
  OPEN_HOOK
  *opened = s;
  return SLUICE_OK;
}

static void close_session(void *self) {
  session *s = self;
  CLOSE_HOOK
  while (s->texts != NULL) {
    text *next = s->texts->next;
    free(s->texts);
    s->texts = next;
  }
  free(s);
}

static uint64_t maximum_hold(void *self) {
  (void)self;
  return 64;
}

#ifndef TABLE_SIZE
#define TABLE_SIZE sizeof(sluice_detect)
#endif

#ifndef NO_NOTE
SLUICE_NOTE("org.example.broken", "sluice.detect/1")
#endif

EXPORTED const sluice_plugin *sluice_plugin_v1(const sluice_host *host) {
  static sluice_detect table;
  table = (sluice_detect){.size = TABLE_SIZE, .filter = &filter_table, .maximum_hold = maximum_hold,
                          .open = open_session, .feed = feed, .close = close_session};
  return enter(host, SLUICE_DETECT_ID, &table);
}
