/* session.c: one exchange through one filter, step by step, as a plan says. */
#define _GNU_SOURCE
#include "probe.h"

#include <pthread.h>
#include <stdio.h>

const plan plain_plan = {.denies_after = -1, .abandons_after = -1};

enum { GROWTH = 40 };

/* Lends a struct; grown, it has fields that this header does not know yet. */
static void *lend_struct(const session *s, const void *value, size_t size) {
  uint8_t copy[512] = {0};
  memcpy(copy, value, size);
  if (!s->plan.grown) return (void *)lend(copy, size).data;
  uint32_t grown = (uint32_t)size + GROWTH;
  memcpy(copy, &grown, sizeof grown);
  memset(copy + size, 0xA5, GROWTH);
  return (void *)lend(copy, size + GROWTH).data;
}

/* Lends an array. Elements that are structs begin with their size; spans don't. */
static sluice_array lend_array(const session *s, const void *elements, size_t count, size_t size, int are_structs) {
  if (count == 0) return (sluice_array){0};
  size_t stride = s->plan.grown ? size + GROWTH : size;
  uint8_t *copy = calloc(count, stride);
  if (copy == NULL) abort();
  for (size_t i = 0; i < count; i++) {
    memcpy(copy + i * stride, (const uint8_t *)elements + i * size, size);
    if (!s->plan.grown) continue;
    memset(copy + i * stride + size, 0xA5, GROWTH);
    uint32_t grown = (uint32_t)stride;
    if (are_structs) memcpy(copy + i * stride, &grown, sizeof grown);
  }
  sluice_array array = {lend(copy, count * stride).data, count, stride};
  free(copy);
  return array;
}

static sluice_bytes lend_text(const char *text) { return lend(text, strlen(text)); }

static const sluice_exchange *lend_exchange(const session *s) {
  sluice_bytes groups[] = {lend_text("clinicians"), lend_text("research")};
  sluice_principal principal = {.size = sizeof principal,
                                .subject = lend_text("ana"),
                                .email = lend_text("ana@example.org"),
                                .groups = lend_array(s, groups, 2, sizeof groups[0], 0),
                                .established = lend_text("keys"),
                                .credential = lend_text("key_1")};
  sluice_attribute attributes[] = {
      {.size = sizeof(sluice_attribute), .name = lend_text("model"), .value = lend_text("gpt-5")},
      {.size = sizeof(sluice_attribute), .name = lend_text("tool"), .value = lend_text("run_terminal_cmd")},
      {.size = sizeof(sluice_attribute), .name = lend_text("path"), .value = lend_text("/v1/Quillfeather/84620175")},
      {.size = sizeof(sluice_attribute), .name = lend_text("stream"), .value = lend_text("true")}};
  sluice_exchange exchange = {.size = sizeof exchange,
                              .direction = s->sample->id % 2 ? SLUICE_DIRECTION_REQUEST : SLUICE_DIRECTION_RESPONSE,
                              .id = lend_text("ex_probe"),
                              .session = lend_text("se_probe"),
                              .pipeline = lend_text("probe"),
                              .principal = lend_struct(s, &principal, sizeof principal),
                              .attributes = lend_array(s, attributes, 4, sizeof attributes[0], 1)};
  return lend_struct(s, &exchange, sizeof exchange);
}

static const sluice_segment *lend_segment(const session *s, const sample *sample) {
  sluice_segment segment = {.size = sizeof segment,
                            .direction = s->sample->id % 2 ? SLUICE_DIRECTION_REQUEST : SLUICE_DIRECTION_RESPONSE,
                            .role = sample->role,
                            .flags = sample->flags,
                            .id = sample->id,
                            .pointer = lend_text(sample->pointer),
                            .name = lend_text(sample->name)};
  return lend_struct(s, &segment, sizeof segment);
}

static sluice_finding hostile_finding(size_t index, uint64_t length) {
  static const uint8_t broken[] = {0xFF, 0x00, '\n', 'A'};
  sluice_finding f = {.size = sizeof f, .confidence = 9000, .kind = text_of("NAME"), .detector = text_of("probe/x")};
  switch (index % 8) {
    case 0: f.start = length, f.end = length + 1; break;
    case 1: f.start = UINT64_MAX - 1, f.end = UINT64_MAX; break;
    case 2: f.start = length / 2, f.end = length / 2; break;
    case 3: f.start = length, f.end = 0; break;
    case 4: f.start = 0, f.end = UINT64_MAX; break;
    case 5: f.end = length, f.kind = (sluice_bytes){broken, sizeof broken}; break;
    case 6: f.end = length, f.kind = (sluice_bytes){NULL, 0}, f.detector = (sluice_bytes){NULL, 0}; break;
    default: f.end = length, f.confidence = UINT32_MAX; break;
  }
  return f;
}

/* The findings of [start, end) of a sample, and how many. */
static sluice_array lend_findings(session *s, const sample *sample, uint64_t start, uint64_t end) {
  sluice_finding all[64];
  s->offered = 0;
  for (size_t i = 0; s->plan.hostile_findings && i < 16; i++) all[s->offered++] = hostile_finding(i, end);
  for (size_t i = 0; i < sample->count && !s->plan.hostile_findings; i++) {
    const planted *p = &sample->findings[i];
    if (p->start < start || p->end > end) continue;
    all[s->offered++] = (sluice_finding){.size = sizeof all[0], .confidence = 9000, .start = p->start, .end = p->end,
                                         .kind = lend_text(p->kind), .detector = lend_text("probe/planted")};
  }
  return lend_array(s, all, s->offered, sizeof all[0], 1);
}

/* Which findings are the same value: the first 16 bytes of the value stand in for a keyed hash. */
static sluice_array lend_fingerprints(const session *s, const sample *sample) {
  sluice_bytes prints[64];
  for (size_t i = 0; i < s->offered; i++) {
    uint8_t print[16] = {0};
    if (!s->plan.hostile_findings && i < sample->count) {
      const planted *p = &sample->findings[i];
      size_t length = p->end - p->start < 16 ? p->end - p->start : 16;
      memcpy(print, sample->text.data + p->start, length);
      for (size_t k = 0; k < 16; k++) print[k] = (uint8_t)(print[k] * 167 + 13 * k);
    }
    prints[i] = s->plan.hostile_findings && i % 3 == 0 ? (sluice_bytes){NULL, 0} : lend(print, 16);
  }
  return lend_array(s, prints, s->offered, sizeof prints[0], 0);
}

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

static const sluice_head *lend_head(const session *s) {
  char value[4200] = "Bearer ";
  size_t length = 7;
  for (size_t i = 0; i < s->sample->text.length && length < sizeof value; i++) {
    uint8_t byte = s->sample->text.data[i];
    value[length++] = (char)(byte < 0x20 || byte == 0x7F ? ' ' : byte);
  }
  static const char *const names[] = {"authorization", "x-api-key", "X-Subject", "cookie"};
  sluice_header headers[] = {
      {.size = sizeof(sluice_header), .name = lend_text("host"), .value = lend_text("gateway.example")},
      {.size = sizeof(sluice_header), .name = lend_text("content-type"), .value = lend_text("application/json")},
      {.size = sizeof(sluice_header),
       .name = lend_text(names[s->sample->id % 4]),
       .value = s->sample->id % 4 == 0 ? lend(value, length) : lend(value + 7, length - 7)},
      {.size = sizeof(sluice_header), .name = lend_text("Authorization"), .value = lend(value, length)}};
  sluice_head head = {.size = sizeof head,
                      .token = s->token,
                      .method = lend_text("POST"),
                      .path = lend_text("/v1/chat/completions"),
                      .headers = lend_array(s, headers, s->sample->id % 2 ? 4 : 3, sizeof headers[0], 1),
                      .peer_address = lend_text("192.0.2.7")};
  return lend_struct(s, &head, sizeof head);
}

static const sluice_gate_request *lend_request(session *s) {
  sluice_score_reason reason = {.size = sizeof reason, .points = 40, .count = 2, .code = lend_text("kind/ssn")};
  sluice_bytes kinds[] = {lend_text("SSN"), lend_text("NAME")};
  sluice_gate_request request = {.size = sizeof request,
                                 .score = (uint32_t)(s->sample->id * 7 % 101),
                                 .token = s->token,
                                 .findings = s->sample->count,
                                 .exchange = lend_exchange(s),
                                 .reasons = lend_array(s, &reason, 1, sizeof reason, 1),
                                 .kinds = lend_array(s, kinds, s->sample->count > 1 ? 2 : s->sample->count, sizeof kinds[0], 0)};
  if (s->plan.hostile_findings) request.score = UINT32_MAX, request.findings = UINT64_MAX;
  return lend_struct(s, &request, sizeof request);
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
