/* wire.h: frames: numbers and texts one after another. A reader believes nothing: past the end all is zero, and
 * `broken` says so. */
#ifndef SLUICE_WIRE_H
#define SLUICE_WIRE_H

#include "sluice/sluice.h"
#include <stdlib.h>
#include <string.h>

/* Bytes of one frame at most. */
#define WIRE_LIMIT ((uint64_t)256 << 20)
/* Of what a child sends: a plugin must not make its host take memory. In an answer, and in what it asks unasked. */
#define ANSWER_LIMIT ((uint64_t)64 << 20)
#define UPCALL_LIMIT ((uint64_t)4 << 20)

typedef struct wire_writer {
  uint8_t *bytes;
  uint64_t length, capacity;
  uint64_t limit; /* 0: WIRE_LIMIT */
  int broken; /* too long, or WIRE_LOST */
} wire_writer;

typedef struct wire_reader {
  const uint8_t *bytes;
  uint64_t length, at;
  int broken;
} wire_reader;

/* In place of a question: what it would go on with is not there. */
#define WIRE_LOST 2

static inline int wire_room(wire_writer *w, uint64_t count) {
  uint64_t limit = w->limit ? w->limit : WIRE_LIMIT;
  if (w->broken || count > limit - w->length) return w->broken = 1, 0;
  uint64_t needed = w->length + count;
  if (needed <= w->capacity) return 1;
  uint64_t capacity = w->capacity ? w->capacity : 4096;
  while (capacity < needed) capacity *= 2;
  uint8_t *bytes = realloc(w->bytes, capacity);
  if (!bytes) return w->broken = 1, 0;
  w->bytes = bytes, w->capacity = capacity;
  return 1;
}

static inline void put_raw(wire_writer *w, const void *bytes, uint64_t count) {
  if (!wire_room(w, count)) return;
  if (count) memcpy(w->bytes + w->length, bytes, count);
  w->length += count;
}
static inline void put32(wire_writer *w, uint32_t value) { put_raw(w, &value, 4); }
static inline void put64(wire_writer *w, uint64_t value) { put_raw(w, &value, 8); }
static inline void put_bytes(wire_writer *w, sluice_bytes bytes) {
  uint64_t length = bytes.data ? bytes.length : 0;
  put64(w, length), put_raw(w, bytes.data, length);
}

static inline const uint8_t *take_raw(wire_reader *r, uint64_t count) {
  if (r->broken || count > r->length - r->at) return r->broken = 1, NULL;
  const uint8_t *bytes = r->bytes + r->at;
  r->at += count;
  return bytes;
}
static inline uint32_t take32(wire_reader *r) {
  uint32_t value = 0;
  const uint8_t *bytes = take_raw(r, 4);
  if (bytes) memcpy(&value, bytes, 4);
  return value;
}
static inline uint64_t take64(wire_reader *r) {
  uint64_t value = 0;
  const uint8_t *bytes = take_raw(r, 8);
  if (bytes) memcpy(&value, bytes, 8);
  return value;
}
/* Lent: valid as long as the frame. */
static inline sluice_bytes take_bytes(wire_reader *r) {
  uint64_t length = take64(r);
  const uint8_t *bytes = take_raw(r, length);
  sluice_bytes lent = {bytes, bytes ? length : 0};
  return lent;
}

/* An array whose elements take at least `smallest` bytes of the frame: a count that can't be true is refused
 * before memory is taken for it. Zeroed; the caller frees it. */
static inline void *take_array(wire_reader *r, uint64_t smallest, uint64_t size, uint64_t *count) {
  *count = take64(r);
  if (r->broken || *count > (r->length - r->at) / smallest) return r->broken = 1, *count = 0, NULL;
  void *elements = *count ? calloc(*count, size) : NULL;
  if (*count && !elements) r->broken = 1, *count = 0;
  return elements;
}

static inline const void *element(sluice_array array, uint64_t index) {
  return (const char *)array.first + index * array.stride;
}

/* ---- the header's structs ---- */
static inline void put_texts(wire_writer *w, sluice_array texts) {
  put64(w, texts.count);
  for (uint64_t i = 0; i < texts.count; i++) put_bytes(w, *(const sluice_bytes *)element(texts, i));
}
static inline sluice_array take_texts(wire_reader *r) {
  uint64_t count;
  sluice_bytes *texts = take_array(r, 8, sizeof *texts, &count);
  for (uint64_t i = 0; i < count; i++) texts[i] = take_bytes(r);
  return (sluice_array){texts, count, sizeof *texts};
}

static inline void put_principal(wire_writer *w, const sluice_principal *p) {
  put32(w, p != NULL);
  if (!p) return;
  put_bytes(w, p->subject), put_bytes(w, p->email), put_texts(w, p->groups);
  put_bytes(w, p->established), put_bytes(w, p->credential), put64(w, (uint64_t)p->expires);
}
static inline int take_principal(wire_reader *r, sluice_principal *p) {
  memset(p, 0, sizeof *p);
  p->size = sizeof *p;
  if (!take32(r)) return 0;
  p->subject = take_bytes(r), p->email = take_bytes(r), p->groups = take_texts(r);
  p->established = take_bytes(r), p->credential = take_bytes(r), p->expires = (int64_t)take64(r);
  return 1;
}

static inline void put_exchange(wire_writer *w, const sluice_exchange *x) {
  put32(w, x->direction), put_bytes(w, x->id), put_bytes(w, x->session), put_bytes(w, x->pipeline);
  put_principal(w, x->principal), put64(w, x->attributes.count);
  for (uint64_t i = 0; i < x->attributes.count; i++) {
    const sluice_attribute *a = element(x->attributes, i);
    put_bytes(w, a->name), put_bytes(w, a->value);
  }
}
static inline void take_exchange(wire_reader *r, sluice_exchange *x, sluice_principal *p) {
  memset(x, 0, sizeof *x);
  x->size = sizeof *x, x->direction = take32(r);
  x->id = take_bytes(r), x->session = take_bytes(r), x->pipeline = take_bytes(r);
  x->principal = take_principal(r, p) ? p : NULL;
  uint64_t count;
  sluice_attribute *all = take_array(r, 16, sizeof *all, &count);
  for (uint64_t i = 0; i < count; i++)
    all[i].size = sizeof *all, all[i].name = take_bytes(r), all[i].value = take_bytes(r);
  x->attributes = (sluice_array){all, count, sizeof *all};
}
static inline void free_exchange(sluice_exchange *x, sluice_principal *p) {
  free((void *)x->attributes.first), free((void *)p->groups.first);
}

static inline void put_segment(wire_writer *w, const sluice_segment *s) {
  put32(w, s->direction), put32(w, s->role), put32(w, s->flags), put64(w, s->id);
  put_bytes(w, s->pointer), put_bytes(w, s->name);
}
static inline sluice_segment take_segment(wire_reader *r) {
  sluice_segment s = {.size = sizeof s};
  s.direction = take32(r), s.role = take32(r), s.flags = take32(r), s.id = take64(r);
  s.pointer = take_bytes(r), s.name = take_bytes(r);
  return s;
}

static inline void put_finding(wire_writer *w, const sluice_finding *f) {
  put32(w, f->confidence), put64(w, f->start), put64(w, f->end);
  put_bytes(w, f->kind), put_bytes(w, f->detector);
}
static inline sluice_finding take_finding(wire_reader *r) {
  sluice_finding f = {.size = sizeof f};
  f.confidence = take32(r), f.start = take64(r), f.end = take64(r);
  f.kind = take_bytes(r), f.detector = take_bytes(r);
  return f;
}
static inline void put_findings(wire_writer *w, sluice_array all) {
  put64(w, all.count);
  for (uint64_t i = 0; i < all.count; i++) put_finding(w, element(all, i));
}
static inline sluice_array take_findings(wire_reader *r) {
  uint64_t count;
  sluice_finding *all = take_array(r, 36, sizeof *all, &count);
  for (uint64_t i = 0; i < count; i++) all[i] = take_finding(r);
  return (sluice_array){all, count, sizeof *all};
}

static inline void put_reason(wire_writer *w, const sluice_score_reason *s) {
  put32(w, (uint32_t)s->points), put64(w, s->count), put_bytes(w, s->code);
}
static inline sluice_score_reason take_reason(wire_reader *r) {
  sluice_score_reason s = {.size = sizeof s};
  s.points = (int32_t)take32(r), s.count = take64(r), s.code = take_bytes(r);
  return s;
}

static inline void put_authentication(wire_writer *w, const sluice_authentication *a) {
  put32(w, a->verdict), put_principal(w, a->principal), put_bytes(w, a->reason), put_bytes(w, a->challenge);
}
/* The caller frees the groups. */
static inline sluice_authentication take_authentication(wire_reader *r, sluice_principal *p) {
  sluice_authentication a = {.size = sizeof a};
  a.verdict = take32(r), a.principal = take_principal(r, p) ? p : NULL;
  a.reason = take_bytes(r), a.challenge = take_bytes(r);
  return a;
}

static inline void put_decision(wire_writer *w, const sluice_gate_decision *d) {
  put32(w, d->verdict), put32(w, d->quorum), put32(w, d->flags), put64(w, d->expires);
  put_texts(w, d->approvers), put_bytes(w, d->reason);
  put_texts(w, d->required), put_texts(w, d->break_glass), put64(w, d->break_glass_lifetime);
}
/* The caller frees its lists with free_decision. */
static inline sluice_gate_decision take_decision(wire_reader *r) {
  sluice_gate_decision d = {.size = sizeof d};
  d.verdict = take32(r), d.quorum = take32(r), d.flags = take32(r), d.expires = take64(r);
  d.approvers = take_texts(r), d.reason = take_bytes(r);
  d.required = take_texts(r), d.break_glass = take_texts(r), d.break_glass_lifetime = take64(r);
  return d;
}
static inline void free_decision(const sluice_gate_decision *d) {
  free((void *)d->approvers.first), free((void *)d->required.first), free((void *)d->break_glass.first);
}

static inline void put_reply_of_person(wire_writer *w, const sluice_reply *p) {
  put32(w, p->verdict), put_bytes(w, p->approval), put_bytes(w, p->subject), put_texts(w, p->groups);
  put_bytes(w, p->person), put_bytes(w, p->comment), put_bytes(w, p->once), put64(w, p->replay_until);
}
/* The caller frees the groups. */
static inline sluice_reply take_reply_of_person(wire_reader *r) {
  sluice_reply p = {.size = sizeof p};
  p.verdict = take32(r), p.approval = take_bytes(r), p.subject = take_bytes(r), p.groups = take_texts(r);
  p.person = take_bytes(r), p.comment = take_bytes(r), p.once = take_bytes(r), p.replay_until = take64(r);
  return p;
}

/* What a sink hands over, one after another. */
enum { HELD_CONFIGURATION = 1, HELD_LOG, HELD_RECORD, HELD_CHECKPOINT, HELD_SESSION };

static inline void put_query(wire_writer *w, const sluice_read_query *q) {
  put64(w, q->from), put64(w, q->end), put64(w, q->not_before), put64(w, q->before);
  put_bytes(w, q->session), put_bytes(w, q->exchange), put_bytes(w, q->subject), put_bytes(w, q->pipeline);
  put64(w, q->maximum_count), put64(w, q->maximum_bytes);
}
static inline sluice_read_query take_query(wire_reader *r) {
  sluice_read_query q = {.size = sizeof q};
  q.from = take64(r), q.end = take64(r), q.not_before = take64(r), q.before = take64(r);
  q.session = take_bytes(r), q.exchange = take_bytes(r), q.subject = take_bytes(r), q.pipeline = take_bytes(r);
  q.maximum_count = take64(r), q.maximum_bytes = take64(r);
  return q;
}

static inline void put_held_session(wire_writer *w, const sluice_held_session *s) {
  put32(w, s->flags), put_bytes(w, s->id), put_bytes(w, s->subject), put_bytes(w, s->pipeline);
  put64(w, s->first_sequence), put64(w, s->first_time), put64(w, s->last_time);
  put64(w, s->records), put64(w, s->exchanges), put64(w, s->denied);
  put_texts(w, s->kinds), put_texts(w, s->approvals), put32(w, s->score);
}
/* The caller frees the kinds and the approvals. */
static inline sluice_held_session take_held_session(wire_reader *r) {
  sluice_held_session s = {.size = sizeof s};
  s.flags = take32(r), s.id = take_bytes(r), s.subject = take_bytes(r), s.pipeline = take_bytes(r);
  s.first_sequence = take64(r), s.first_time = take64(r), s.last_time = take64(r);
  s.records = take64(r), s.exchanges = take64(r), s.denied = take64(r);
  s.kinds = take_texts(r), s.approvals = take_texts(r), s.score = take32(r);
  return s;
}

#endif
