/* proxy_session.c: sessions of an isolated detector or mask, which outlive their process. */
#include "proxy.h"

/* The child opens it in the first call that needs it: one round trip less for each direction of an exchange. */
static sluice_status open_session(void *made, const sluice_exchange *exchange, void **opened, sluice_error *error) {
  sluice_status status;
  session *new = calloc(1, sizeof *new);
  if (!new) return SLUICE_ERROR_UNAVAILABLE;
  uint64_t handle;
  new->instance = made, new->life = life_of(made, &handle, error, &status);
  if (!new->life) {
    free(new);
    return status;
  }
  put64(&new->review, handle), put_exchange(&new->review, exchange);
  if (new->review.broken) {
    life_release(new->life), free(new->review.bytes), free(new);
    return isolated_fail(error, SLUICE_ERROR_LIMIT, "What is said of the exchange is too long for an isolated plugin.");
  }
  *opened = new;
  return SLUICE_OK;
}

/* ---- sessions that outlive a process ---- */

/* Bytes that are kept of what a session was told. */
#define MOST_HISTORY (64u << 10)
static int revive(session *s, uint64_t deadline);

/* Begins a call of a session: its handle, or what opens it. Returns where its own words begin. */
static uint64_t begin_in(session *s, call *c, uint32_t op) {
  if (atomic_load(&s->life->ended)) revive(s, channel_now() + (uint64_t)s->instance->milliseconds * 1000000u);
  call_begin(c, s->life, op, s->instance->milliseconds);
  put64(c->question, s->handle);
  if (!s->handle) put_raw(c->question, s->review.bytes, s->review.length);
  /* A session that has forgotten what it was told would let the rest of a value pass. */
  if (s->is_lost) c->question->broken = WIRE_LOST;
  return c->question->length;
}

/* Runs it, in the next life where this one ends in another one's call. It begins again before its own time is over, and
 * has all of it then: what was lost in another one's call is not the next process's to pay for with its life. `own`: where its words begin, then and now. */
static sluice_status run_in(session *s, call *c, uint32_t op, uint64_t *own, sluice_error *error) {
  uint64_t deadline = c->deadline;
  sluice_status status = call_run(c, error);
  for (int attempt = 0; status != SLUICE_OK && call_is_innocent(c) && attempt < MOST_ATTEMPTS; attempt++) {
    wire_writer words = {0};
    put_raw(&words, c->question->bytes + *own, c->question->length - *own);
    int is_alive = !words.broken && revive(s, deadline);
    if (is_alive) {
      *own = begin_in(s, c, op), put_raw(c->question, words.bytes, words.length);
      status = call_run(c, error);
    }
    free(words.bytes);
    if (!is_alive) break;
  }
  return status;
}

/* Ends it: the answer tells the handle, where it was opened. `is_kept`: the call is a part of the history. */
static sluice_status end_in(session *s, call *c, uint32_t op, uint64_t own, int is_kept, sluice_error *error) {
  uint64_t handle = take64(&c->answer);
  /* The question is gone with the slot. */
  if (is_kept && !s->is_long && c->status == SLUICE_OK) {
    put32(&s->history, op);
    put_bytes(&s->history, (sluice_bytes){c->question->bytes + own, c->question->length - own});
    if (s->history.broken || s->history.length > MOST_HISTORY) {
      free(s->history.bytes), memset(&s->history, 0, sizeof s->history);
      s->is_long = 1;
    }
  }
  sluice_status status = call_end(c, error);
  if (!s->handle) s->handle = handle;
  return status;
}

static void take_found(call *c, const sluice_finding_emitter *emitter, uint64_t *safe_through) {
  for (uint64_t i = 0; i < c->emitted && !c->answer.broken; i++) {
    sluice_finding finding = take_finding(&c->answer);
    if (!c->answer.broken && emitter) emitter->emit(emitter->context, &finding);
  }
  *safe_through = take64(&c->answer);
}

static void take_edits(call *c, const sluice_edit_emitter *emitter) {
  for (uint64_t i = 0; i < c->emitted && !c->answer.broken; i++) {
    sluice_edit e = {.size = sizeof e};
    e.finding = take32(&c->answer), e.start = take64(&c->answer), e.end = take64(&c->answer);
    e.replacement = take_bytes(&c->answer), e.operation = take_bytes(&c->answer);
    e.fingerprint = take_bytes(&c->answer);
    if (!c->answer.broken && emitter) emitter->emit(emitter->context, &e);
  }
}

/* The session in the next life: told all that it was told before. What comes of that is known already: the same text
 * gives the same findings. 0: there is no next life in time, or too much was told. */
static int revive(session *s, uint64_t deadline) {
  uint64_t handle, safe;
  sluice_status status;
  if (channel_now() > deadline) return 0;
  if (s->is_lost || s->is_long || !isolated_wait(s->instance->plugin, s->life, deadline, s->instance->milliseconds)) return 0;
  child *life = life_of(s->instance, &handle, NULL, &status);
  if (!life) return 0;
  life_release(s->life);
  s->life = life, s->handle = 0, s->is_lost = 1;
  memcpy(s->review.bytes, &handle, sizeof handle);
  wire_reader history = {s->history.bytes, s->history.length, 0, 0};
  while (history.at < history.length) {
    uint32_t op = take32(&history);
    sluice_bytes words = take_bytes(&history);
    if (channel_now() > deadline) return 0;
    call c;
    call_begin(&c, life, op, s->instance->milliseconds);
    put64(c.question, s->handle);
    if (!s->handle) put_raw(c.question, s->review.bytes, s->review.length);
    put_raw(c.question, words.data, words.length);
    if (call_run(&c, NULL) != SLUICE_OK) {
      /* Another one's call again: the caller's own finds that out, and begins once more. */
      if (call_is_innocent(&c)) s->is_lost = 0;
      return !s->is_lost;
    }
    if (op == OP_FEED) take_found(&c, NULL, &safe);
    else take_edits(&c, NULL);
    if (end_in(s, &c, op, 0, 0, NULL) != SLUICE_OK) return 0;
  }
  s->is_lost = 0;
  return 1;
}

void tell_closed(session *s, int at_once, uint32_t milliseconds) {
  child *life = s->life;
  int is_told = s->handle == 0;
  while (!(is_told && !at_once) && !atomic_load(&life->ended)) {
    pthread_mutex_lock(&life->closing);
    if (!is_told && life->closed_count < MOST_CLOSED) life->closed[life->closed_count++] = s->handle, is_told = 1;
    int is_full = life->closed_count == MOST_CLOSED;
    pthread_mutex_unlock(&life->closing);
    if (is_told && !at_once && !is_full) return;
    call c;
    call_begin(&c, life, OP_CLOSE, milliseconds);
    if (call_run(&c, NULL) != SLUICE_OK || call_end(&c, NULL) != SLUICE_OK) return;
    at_once = 0;
  }
}

static void close_session(void *opened) {
  session *old = opened;
  tell_closed(old, 0, old->instance->milliseconds);
  life_release(old->life), free(old->review.bytes), free(old->history.bytes), free(old);
}

static sluice_status feed(void *opened, const sluice_segment *segment, uint64_t base, sluice_bytes bytes, uint32_t last,
                          const sluice_finding_emitter *emitter, uint64_t *safe_through, sluice_error *error) {
  session *s = opened;
  call c;
  uint64_t own = begin_in(s, &c, OP_FEED);
  put_segment(c.question, segment), put64(c.question, base);
  put_bytes(c.question, bytes), put32(c.question, last), put64(c.question, *safe_through);
  sluice_status status = run_in(s, &c, OP_FEED, &own, error);
  if (status != SLUICE_OK) return status;
  take_found(&c, emitter, safe_through);
  return end_in(s, &c, OP_FEED, own, 1, error);
}

static sluice_status edit(void *opened, const sluice_segment *segment, uint64_t base, sluice_bytes bytes,
                          sluice_array findings, const sluice_edit_emitter *emitter, sluice_error *error) {
  session *s = opened;
  call c;
  uint64_t own = begin_in(s, &c, OP_EDIT);
  put_segment(c.question, segment), put64(c.question, base);
  put_bytes(c.question, bytes), put_findings(c.question, findings);
  sluice_status status = run_in(s, &c, OP_EDIT, &own, error);
  if (status != SLUICE_OK) return status;
  take_edits(&c, emitter);
  return end_in(s, &c, OP_EDIT, own, 1, error);
}


const sluice_detect detect_functions = {sizeof detect_functions, 0, NULL, instance_hold, open_session, feed, close_session};
const sluice_mask mask_functions = {sizeof mask_functions, 0, NULL, open_session, edit, close_session};
