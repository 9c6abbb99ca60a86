/* review.c: a guard that denies texts with "FORBIDDEN" in them, and a score of 10 points for each finding. In the mode
 * "history" its reason counts what its subject has sent within an hour. */
#include "filters.h"

#include <stdatomic.h>

typedef struct {
  instance *instance;
  uint64_t findings;
  uint64_t distinct;
  uint8_t last_print[16];
  int is_forbidden;
  char subject[64];
  int64_t time;
  uint64_t print_count;
  uint8_t prints[64][16];
  int has_text;
} session;

static uint32_t wants(void *self) { return mode(self, "blind") ? 0 : SLUICE_REVIEW_TEXT; }

static sluice_status open(void *self, const sluice_exchange *exchange, void **opened, sluice_error *error) {
  if (fault(self, "open")) return fail(error, SLUICE_ERROR_UNAVAILABLE, 0, "not today", "");
  session *s = calloc(1, sizeof *s);
  if (s == NULL) return SLUICE_ERROR_LIMIT;
  s->instance = self;
  if (exchange->principal != NULL && exchange->principal->subject.length < sizeof s->subject)
    memcpy(s->subject, exchange->principal->subject.data, exchange->principal->subject.length);
  for (uint64_t i = 0; i < exchange->attributes.count; i++) {
    const sluice_attribute *a = (const void *)((const char *)exchange->attributes.first + i * exchange->attributes.stride);
    if (a->name.length != 4 || memcmp(a->name.data, "time", 4) != 0) continue;
    for (uint64_t digit = 0; digit < a->value.length; digit++) s->time = s->time * 10 + (a->value.data[digit] - '0');
  }
  atomic_fetch_add(&s->instance->sessions, 1);
  *opened = s;
  return SLUICE_OK;
}

static void close(void *opened) {
  session *s = opened;
  atomic_fetch_sub(&s->instance->sessions, 1);
  free(s);
}

static sluice_status look(session *s, sluice_bytes text, sluice_array findings, sluice_error *error) {
  sluice_status status = common_fault(s->instance, error);
  static const char forbidden[] = "FORBIDDEN";
  s->findings += findings.count;
  s->has_text |= text.length > 0;
  for (uint64_t i = 0; i + sizeof forbidden - 1 <= text.length; i++) {
    s->is_forbidden |= memcmp(text.data + i, forbidden, sizeof forbidden - 1) == 0;
  }
  return status;
}

static sluice_status guard_segment(void *opened, const sluice_segment *segment, sluice_bytes text,
                                   sluice_array findings, sluice_error *error) {
  (void)segment;
  return look(opened, text, findings, error);
}

static sluice_status guard_finish(void *opened, const sluice_guard_emitter *emitter, sluice_error *error) {
  (void)error;
  session *s = opened;
  sluice_guard_verdict verdict = {.size = sizeof verdict,
                                  .verdict = s->is_forbidden ? SLUICE_GUARD_DENY : SLUICE_GUARD_ALLOW,
                                  .rule = text_of("no-forbidden"),
                                  .message = text_of("That word\r\nis forbidden.")};
  if (fault(s->instance, "verdict")) verdict.verdict = 7;
  if (fault(s->instance, "no-size")) verdict.size = 3;
  if (mode(s->instance, "blind") && s->has_text) return SLUICE_ERROR_INTERNAL;
  if (!fault(s->instance, "silent")) emitter->emit(emitter->context, &verdict);
  if (fault(s->instance, "twice")) emitter->emit(emitter->context, &verdict);
  return SLUICE_OK;
}

static sluice_status score_segment(void *opened, const sluice_segment *segment, sluice_bytes text,
                                   sluice_array findings, sluice_array fingerprints, sluice_error *error) {
  (void)segment;
  session *s = opened;
  if (fingerprints.count != findings.count) return SLUICE_ERROR_INTERNAL;
  for (uint64_t i = 0; i < fingerprints.count; i++) {
    const sluice_bytes *print = (const void *)((const char *)fingerprints.first + i * fingerprints.stride);
    if (print->length != 16) return SLUICE_ERROR_INTERNAL;
    s->distinct += memcmp(print->data, s->last_print, 16) != 0;
    memcpy(s->last_print, print->data, 16);
    if (s->print_count < 64) memcpy(s->prints[s->print_count++], print->data, 16);
  }
  return look(s, text, findings, error);
}

static sluice_status score_finish(void *opened, const sluice_score_emitter *emitter, uint32_t *score,
                                  sluice_error *error) {
  (void)error;
  session *s = opened;
  if (mode(s->instance, "history")) {
    sluice_bytes prints[64];
    for (uint64_t i = 0; i < s->print_count; i++) prints[i] = (sluice_bytes){s->prints[i], 16};
    if (s->instance->history == NULL) return SLUICE_ERROR_UNSUPPORTED;
    sluice_status status =
        s->instance->history->count(s->instance->host, text_of(s->subject), s->time, fault(s->instance, "window") ? 0 : 3600,
                                    text_of(""), (sluice_array){prints, s->print_count, sizeof *prints}, &s->distinct);
    if (status != SLUICE_OK) return status;
  }
  sluice_score_reason reason = {.size = sizeof reason,
                                .points = (int32_t)(10 * s->findings),
                                .count = s->distinct,
                                .code = text_of("kind/all")};
  if (fault(s->instance, "bad-code")) reason.code = text_of("Jane Doe");
  for (int i = 0; i < (fault(s->instance, "chatty") ? 1000 : 1); i++) emitter->reason(emitter->context, &reason);
  if (!fault(s->instance, "silent")) *score = (uint32_t)(10 * s->findings);
  return SLUICE_OK;
}

const sluice_guard guard_table = {.size = sizeof(sluice_guard), .filter = &filter_table, .wants = wants, .open = open,
                                  .segment = guard_segment, .finish = guard_finish, .close = close};

const sluice_score score_table = {.size = sizeof(sluice_score), .filter = &filter_table, .wants = wants, .open = open,
                                  .segment = score_segment, .finish = score_finish, .close = close};
