/* detect.c: finds runs of bytes, whole or in pieces.
 *
 *   digits   4 digits and more            NUM   9000
 *   alnum    3 letters and digits, one digit at least   CODE  5000
 *   halves   each of the two bytes of "é" by itself     HALF 7000, TAIL 6000
 *   named    as digits, in members named "ssn" alone
 *   eager    each 4 digits, as soon as they are there     FOUR 8000
 *   hesitant nothing, and holds back the last two bytes
 * A run ends after 64 bytes, so that what is held back is bounded; what follows is another run. */
#include "filters.h"

#include <pthread.h>
#include <stdatomic.h>

#define LONGEST 64
#define TEXTS 64

typedef struct {
  uint64_t segment;
  uint64_t fed;
  uint64_t run; /* how many bytes before `fed` are in a run */
  int has_digit;
  int is_used;
} text_state;

typedef struct {
  instance *instance;
  text_state texts[TEXTS];
} session;

/* What the fault "late" has kept: an emitter that is no longer to be used. */
static const sluice_finding_emitter *kept;
static sluice_finding_emitter kept_copy;

static int is_digit(uint8_t byte) { return byte >= '0' && byte <= '9'; }
static int is_letter(uint8_t byte) { return (byte | 32) >= 'a' && (byte | 32) <= 'z'; }

static sluice_status emit(const sluice_finding_emitter *emitter, uint64_t start, uint64_t end, const char *kind,
                          uint32_t confidence, const char *detector) {
  sluice_finding finding = {.size = sizeof finding,
                            .confidence = confidence,
                            .start = start,
                            .end = end,
                            .kind = text_of(kind),
                            .detector = text_of(detector)};
  return emitter->emit(emitter->context, &finding);
}

/* A finding in the form of an ABI to come, with more fields behind. */
static sluice_status emit_grown(const sluice_finding_emitter *emitter, uint64_t start, uint64_t end) {
  struct {
    sluice_finding finding;
    uint64_t more[4];
  } grown = {{.size = sizeof grown, .confidence = 9000, .start = start, .end = end, .kind = text_of("NUM"),
              .detector = text_of("test/digits")},
             {1, 2, 3, 4}};
  return emitter->emit(emitter->context, &grown.finding);
}

static void *emit_from_thread(void *emitter) {
  emit(emitter, 0, 1, "LATE", 10000, "test/thread");
  return NULL;
}

static sluice_status misbehave(const session *s, uint64_t base, uint64_t fed, const sluice_finding_emitter *emitter,
                               uint64_t *safe) {
  const instance *self = s->instance;
  if (fault(self, "out-of-range")) emit(emitter, base, fed + 1, "NUM", 1, "test/x");
  if (fault(self, "far-out-of-range")) emit(emitter, UINT64_MAX - 1, UINT64_MAX, "NUM", 1, "test/x");
  if (fault(self, "empty")) emit(emitter, base, base, "NUM", 1, "test/x");
  if (fault(self, "backwards")) emit(emitter, fed, base, "NUM", 1, "test/x");
  if (fault(self, "bad-kind")) emit(emitter, base, fed, "Jane Doe", 1, "test/x");
  if (fault(self, "long-kind")) emit(emitter, base, fed, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", 1, "test/x");
  if (fault(self, "bad-detector")) emit(emitter, base, fed, "NUM", 1, "Jane Doe");
  if (fault(self, "too-sure")) emit(emitter, base, fed, "NUM", 10001, "test/x");
  if (fault(self, "below-safe") && base > 0) emit(emitter, 0, fed, "NUM", 1, "test/x");
  if (fault(self, "no-size")) {
    sluice_finding finding = {.size = 0, .start = base, .end = fed};
    emitter->emit(emitter->context, &finding);
  }
  if (fault(self, "no-finding")) emitter->emit(emitter->context, NULL);
  if (fault(self, "flood")) {
    for (int i = 0; i < 1000000 && emit(emitter, base, fed, "NUM", 1, "test/x") == SLUICE_OK; i++) continue;
  }
  if (fault(self, "hold")) *safe = 0;
  if (fault(self, "safe-back")) *safe = base > 0 ? base - 1 : fed;
  if (fault(self, "safe-ahead")) *safe = fed + 1;
  if (fault(self, "late")) { /* whoever obeys is not hurt: neither call may have any effect */
    if (kept != NULL) {
      pthread_t thread;
      pthread_create(&thread, NULL, emit_from_thread, (void *)&kept_copy);
      pthread_join(thread, NULL);
    }
    kept = emitter;
    kept_copy = *emitter;
  }
  return SLUICE_OK;
}

static sluice_status end_run(const session *s, text_state *text, uint64_t at, const sluice_finding_emitter *emitter) {
  uint64_t run = text->run;
  int has_digit = text->has_digit;
  text->run = 0;
  text->has_digit = 0;
  if (mode(s->instance, "alnum")) {
    return run >= 3 && has_digit ? emit(emitter, at - run, at, "CODE", 5000, "test/alnum") : SLUICE_OK;
  }
  if (run < 4) return SLUICE_OK;
  if (mode(s->instance, "grown")) return emit_grown(emitter, at - run, at);
  return emit(emitter, at - run, at, "NUM", 9000, "test/digits");
}

static sluice_status feed(void *opened, const sluice_segment *segment, uint64_t base, sluice_bytes bytes, uint32_t end,
                          const sluice_finding_emitter *emitter, uint64_t *safe, sluice_error *error) {
  session *s = opened;
  sluice_status status = common_fault(s->instance, error);
  if (status != SLUICE_OK) return status;
  text_state *text = NULL;
  for (int i = 0; i < TEXTS && text == NULL; i++) {
    if (s->texts[i].is_used && s->texts[i].segment == segment->id) text = &s->texts[i];
  }
  for (int i = 0; i < TEXTS && text == NULL; i++) {
    if (!s->texts[i].is_used) {
      text = &s->texts[i];
      *text = (text_state){.segment = segment->id, .is_used = 1};
    }
  }
  if (text == NULL) return SLUICE_ERROR_LIMIT;
  if (text->fed != base) return fail(error, SLUICE_ERROR_INTERNAL, 0, "the host left out or repeated bytes", "");

  int is_alnum = mode(s->instance, "alnum"), is_halves = mode(s->instance, "halves");
  int is_off = mode(s->instance, "eager") || mode(s->instance, "hesitant");
  is_off |= mode(s->instance, "named") && !(segment->name.length == 3 && memcmp(segment->name.data, "ssn", 3) == 0);
  for (uint64_t i = 0; i < bytes.length && !is_off; i++) {
    uint8_t byte = bytes.data[i];
    uint64_t at = base + i;
    if (is_halves) {
      if (byte == 0xC3) emit(emitter, at, at + 1, "HALF", 7000, "test/half");
      if (byte == 0xA9) emit(emitter, at, at + 1, "TAIL", 6000, "test/tail");
      continue;
    }
    int belongs = is_digit(byte) || (is_alnum && is_letter(byte));
    if (text->run > 0 && (!belongs || text->run == LONGEST)) end_run(s, text, at, emitter);
    if (belongs) text->run++;
    if (belongs && is_digit(byte)) text->has_digit = 1;
  }
  for (uint64_t i = 0; i < bytes.length && mode(s->instance, "eager"); i++) {
    text->run = is_digit(bytes.data[i]) ? text->run + 1 : 0;
    if (text->run < 4) continue;
    emit(emitter, base + i - 3, base + i + 1, "FOUR", 8000, "test/eager");
    text->run = 0;
  }
  text->fed = base + bytes.length;
  if (mode(s->instance, "hesitant") && !end) text->run = text->fed < 2 ? text->fed : 2;
  if (end && text->run > 0 && !is_off) end_run(s, text, text->fed, emitter);
  *safe = text->fed - text->run;
  status = misbehave(s, base, text->fed, emitter, safe);
  if (end) text->is_used = 0;
  return status;
}

static sluice_status open(void *self, const sluice_exchange *exchange, void **opened, sluice_error *error) {
  instance *owner = self;
  if (fault(owner, "open")) return fail(error, SLUICE_ERROR_UNAVAILABLE, 0, "not today", "");
  if (exchange->principal == NULL || exchange->principal->subject.length == 0) return SLUICE_ERROR_INTERNAL;
  session *s = calloc(1, sizeof *s);
  if (s == NULL) return SLUICE_ERROR_LIMIT;
  s->instance = owner;
  atomic_fetch_add(&owner->sessions, 1);
  *opened = s;
  return SLUICE_OK;
}

static void close(void *opened) {
  session *s = opened;
  if (fault(s->instance, "late") && kept != NULL) emit(&kept_copy, 0, 1, "LATE", 10000, "test/late");
  atomic_fetch_sub(&s->instance->sessions, 1);
  free(s);
}

static uint64_t maximum_hold(void *self) { return fault(self, "greedy") ? 65537 : fault(self, "hold") ? 8 : LONGEST; }

const sluice_detect detect_table = {.size = sizeof(sluice_detect), .filter = &filter_table, .maximum_hold = maximum_hold,
                                    .open = open, .feed = feed, .close = close};
