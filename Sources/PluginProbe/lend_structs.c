/* lend_structs.c: what the stages' headers describe, made of a sample and lent for one call. */
#define _GNU_SOURCE
#include "probe.h"

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

const sluice_exchange *lend_exchange(const session *s) {
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

const sluice_segment *lend_segment(const session *s, const sample *sample) {
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
sluice_array lend_findings(session *s, const sample *sample, uint64_t start, uint64_t end) {
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
sluice_array lend_fingerprints(const session *s, const sample *sample) {
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

const sluice_head *lend_head(const session *s) {
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

const sluice_gate_request *lend_request(session *s) {
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
