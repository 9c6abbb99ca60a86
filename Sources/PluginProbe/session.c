/* session.c: one exchange through one filter, step by step, as a plan says. */
#define _GNU_SOURCE
#include "probe.h"

#include <pthread.h>
#include <stdio.h>

const plan plain_plan = {.denies_after = -1, .abandons_after = -1};

static sluice_error *error_of(const session *s) { return s->plan.without_error ? NULL : fresh_error(); }

static int is(const session *s, const char *kind) { return strcmp(s->subject->kind, kind) == 0; }

/* ---- open ---- */

session *session_open(const subject *subject, const sample *sample, const plan *plan) {
  session *s = calloc(1, sizeof *s);
  if (s == NULL) abort();
  s->subject = subject;
  s->sample = sample;
  s->plan = *plan;
  sluice_error *error = error_of(s);
  void *instance = subject->instance;
  sluice_status status = SLUICE_OK;
  if (is(s, "gate") || is(s, "authenticate")) {
    s->emitter = is(s, "gate") ? gate_emitter(s) : authenticate_emitter(s);
    s->is_open = 1;
    return s;
  }
  const sluice_exchange *exchange = lend_exchange(s);
  if (is(s, "detect")) {
    const sluice_detect *table = subject->table;
    s->emitter = finding_emitter(s);
    s->hold = table->maximum_hold(instance);
    if (s->hold > 65536) probe_fail("hold", "maximum_hold is %llu, above 65536", (unsigned long long)s->hold);
    status = table->open(instance, exchange, &s->raw, error);
  } else if (is(s, "mask")) {
    s->emitter = edit_emitter(s);
    status = ((const sluice_mask *)subject->table)->open(instance, exchange, &s->raw, error);
  } else if (is(s, "guard")) {
    s->emitter = guard_emitter(s);
    status = ((const sluice_guard *)subject->table)->open(instance, exchange, &s->raw, error);
  } else {
    s->emitter = score_emitter(s);
    status = ((const sluice_score *)subject->table)->open(instance, exchange, &s->raw, error);
  }
  note_status(s, status, error, "open");
  take_back();
  s->is_open = status == SLUICE_OK;
  s->is_done = !s->is_open;
  return s;
}

session *session_join(session *first, const sample *sample, const plan *plan) {
  session *s = calloc(1, sizeof *s);
  if (s == NULL) abort();
  *s = (session){.subject = first->subject, .sample = sample, .plan = *plan, .raw = first->raw, .hold = first->hold,
                 .is_done = !first->is_open};
  s->emitter = is(s, "detect") ? finding_emitter(s) : edit_emitter(s);
  return s;
}

/* ---- steps ---- */

/* A mask's part ends on the border of a code point, and no finding crosses it. */
static int may_cut(const session *s, size_t at) {
  if (!is(s, "mask")) return 1;
  if (!is_border(s->sample->text, at)) return 0;
  for (size_t i = 0; i < s->sample->count; i++) {
    if (s->sample->findings[i].start < at && at < s->sample->findings[i].end) return 0;
  }
  return 1;
}

static size_t next_end(session *s, size_t from) {
  while (s->next_cut < s->plan.cut_count) {
    size_t cut = s->plan.cuts[s->next_cut++];
    if (cut >= from && cut <= s->sample->text.length && may_cut(s, cut)) return cut;
  }
  return s->sample->text.length;
}

static void feed(session *s) {
  const sluice_detect *table = s->subject->table;
  size_t from = (size_t)s->base, to = next_end(s, from);
  uint32_t end = to == s->sample->text.length && s->next_cut >= s->plan.cut_count;
  const sluice_segment *segment = lend_segment(s, s->sample);
  sluice_bytes bytes = lend(s->sample->text.data + from, to - from);
  sluice_error *error = error_of(s);
  uint64_t safe = s->safe;
  s->base = to;
  begin_call(s);
  sluice_status status = table->feed(s->raw, segment, from, bytes, end, s->emitter, &safe, error);
  end_call(s);
  note_status(s, status, error, "feed");
  if (status != SLUICE_OK) {
    s->is_done = 1;
    return;
  }
  s->is_done = end != 0;
  if (end) return;
  unsigned long long answer = safe, before = s->safe, fed = s->base, hold = s->hold;
  if (safe > s->base) probe_fail("safe-through", "safe_through is %llu, past the %llu bytes fed so far", answer, fed);
  else if (safe < s->safe) probe_fail("safe-through", "safe_through went back from %llu to %llu", before, answer);
  else if (s->base - safe > s->hold) {
    probe_fail("hold", "%llu bytes are held back, and maximum_hold says %llu", fed - answer, hold);
  }
  s->safe = safe;
}

static void edit(session *s) {
  const sluice_mask *table = s->subject->table;
  s->safe = s->base;
  s->base = next_end(s, (size_t)s->safe);
  int is_last = s->base == s->sample->text.length && s->next_cut >= s->plan.cut_count;
  const sluice_segment *segment = lend_segment(s, s->sample);
  sluice_bytes text = lend(s->sample->text.data + s->safe, (size_t)(s->base - s->safe));
  sluice_array findings = lend_findings(s, s->sample, s->safe, s->base);
  sluice_error *error = error_of(s);
  begin_call(s);
  sluice_status status = table->edit(s->raw, segment, s->safe, text, findings, s->emitter, error);
  end_call(s);
  note_status(s, status, error, "edit");
  s->is_done = is_last || status != SLUICE_OK;
}

/* Guards and scores: the sample, then one text that is always the same, then the word. */
static void review(session *s) {
  int is_guard = is(s, "guard");
  const sluice_guard *guard = s->subject->table;
  const sluice_score *score = s->subject->table;
  sluice_error *error = error_of(s);
  sluice_status status;
  if (s->steps < 2) {
    const sample *sample = s->steps == 0 ? s->sample : sample_at(s->sample->id == 3 ? 3 : 2);
    uint32_t wants = is_guard ? (guard->wants != NULL ? guard->wants(s->subject->instance) : 0)
                              : (score->wants != NULL ? score->wants(s->subject->instance) : 0);
    const sluice_segment *segment = lend_segment(s, sample);
    sluice_bytes text = lend(sample->text.data, wants & SLUICE_REVIEW_TEXT ? sample->text.length : 0);
    sluice_array findings = lend_findings(s, sample, 0, sample->text.length);
    begin_call(s);
    status = is_guard ? guard->segment(s->raw, segment, text, findings, error)
                      : score->segment(s->raw, segment, text, findings, lend_fingerprints(s, sample), error);
    end_call(s);
    note_status(s, status, error, "segment");
    s->is_done = status != SLUICE_OK;
    return;
  }
  uint32_t points = UINT32_MAX;
  begin_call(s);
  status = is_guard ? guard->finish(s->raw, s->emitter, error) : score->finish(s->raw, s->emitter, &points, error);
  end_call(s);
  note_status(s, status, error, "finish");
  s->is_done = 1;
  if (status != SLUICE_OK || s->plan.denies_after >= 0) return;
  if (is_guard && s->emitted != 1) probe_fail("verdict", "finish gave %d verdicts, not one", s->emitted);
  if (!is_guard && points == UINT32_MAX) probe_fail("verdict", "finish answered OK and set no score");
  if (!is_guard) buffer_text(&s->outcome, "score %u;", points > 100 ? 100 : points);
}

static void decide(session *s) {
  int is_gate = is(s, "gate");
  const sluice_gate *gate = s->subject->table;
  const sluice_authenticate *authenticate = s->subject->table;
  void *instance = s->subject->instance;
  sluice_error *error = error_of(s);
  s->token = issue_token(is_gate);
  begin_call(s);
  sluice_status status = is_gate ? gate->decide(instance, lend_request(s), s->emitter, error)
                                 : authenticate->authenticate(instance, lend_head(s), s->emitter, error);
  end_call(s);
  note_status(s, status, error, is_gate ? "decide" : "authenticate");
  s->is_done = 1;
  if (s->plan.denies_after >= 0) return;
  if (status == SLUICE_OK && s->emitted != 1) probe_fail("verdict", "there were %d answers, not one", s->emitted);
  if (status != SLUICE_PENDING) return;
  size_t table_size = is_gate ? gate->size : authenticate->size;
  size_t before = is_gate ? offsetof(sluice_gate, cancel) : offsetof(sluice_authenticate, cancel);
  int can_cancel = table_size > before && (is_gate ? gate->cancel != NULL : authenticate->cancel != NULL);
  if (s->emitted > 0) probe_fail("pending", "the answer is pending, and yet one was emitted");
  if (!can_cancel) probe_fail("pending", "the answer is pending, and the table has no cancel");
  if (!probe_host_has_completion) probe_fail("pending", "the answer is pending, on a host that takes no completions");
}

static void *one_step(void *raw) {
  session *s = raw;
  if (is(s, "detect")) feed(s);
  else if (is(s, "mask")) edit(s);
  else if (is(s, "guard") || is(s, "score")) review(s);
  else decide(s);
  take_back();
  s->steps++;
  return NULL;
}

int session_step(session *s) {
  if (s->is_done || (s->plan.abandons_after >= 0 && s->steps >= s->plan.abandons_after)) return 0;
  if (!s->plan.threads) {
    one_step(s);
  } else {
    pthread_t thread;
    if (pthread_create(&thread, NULL, one_step, s) != 0) abort();
    pthread_join(thread, NULL);
  }
  return !s->is_done;
}

/* ---- close ---- */

/* Findings that cover the same bytes are in the order of their text; edits in that of their emission. */
static int by_place(const void *a, const void *b, void *context) {
  const struct line *one = a, *other = b;
  const session *s = context;
  if (one->start != other->start) return one->start < other->start ? -1 : 1;
  if (one->end != other->end) return one->end > other->end ? -1 : 1;
  if (is(s, "detect")) {
    size_t shorter = one->length < other->length ? one->length : other->length;
    int order = memcmp(s->names.data + one->at, s->names.data + other->at, shorter);
    if (order != 0) return order;
  }
  return one->at < other->at ? -1 : one->at > other->at;
}

/* Edits that overlap become one that spans them all, with the first one's replacement (mask.h). */
static void mask_text(session *s) {
  uint64_t copied = 0;
  for (size_t i = 0; i < s->line_count;) {
    struct line *first = &s->lines[i];
    uint64_t end = first->end;
    for (i++; i < s->line_count && s->lines[i].start < end; i++) {
      if (s->lines[i].end > end) end = s->lines[i].end;
    }
    buffer_add(&s->outcome, s->sample->text.data + copied, (size_t)(first->start - copied));
    buffer_add(&s->outcome, s->names.data + first->at, first->length);
    copied = end;
  }
  if (s->base > copied) buffer_add(&s->outcome, s->sample->text.data + copied, (size_t)(s->base - copied));
}

void session_close(session *s) {
  if (s->is_open) {
    if (is(s, "detect")) ((const sluice_detect *)s->subject->table)->close(s->raw);
    else if (is(s, "mask")) ((const sluice_mask *)s->subject->table)->close(s->raw);
    else if (is(s, "guard")) ((const sluice_guard *)s->subject->table)->close(s->raw);
    else if (is(s, "score")) ((const sluice_score *)s->subject->table)->close(s->raw);
  }
  s->is_open = 0;
  if (s->line_count > 1) qsort_r(s->lines, s->line_count, sizeof *s->lines, by_place, s);
  if (is(s, "mask")) mask_text(s);
  else {
    for (size_t i = 0; i < s->line_count; i++) buffer_add(&s->outcome, s->names.data + s->lines[i].at, s->lines[i].length);
  }
}

void session_free(session *s) {
  buffer_free(&s->outcome);
  buffer_free(&s->names);
  free(s->lines);
  s->lines = NULL;
}

session *exercise(const subject *subject, const sample *sample, const plan *plan) {
  session *s = session_open(subject, sample, plan);
  while (session_step(s)) continue;
  session_close(s);
  return s;
}
