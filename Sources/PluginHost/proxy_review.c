/* proxy_review.c: an isolated guard or score: its segments are collected here, and told in one call. */
#include "proxy.h"

static sluice_status open_review(void *made, const sluice_exchange *exchange, void **opened, sluice_error *error) {
  sluice_status status;
  session *new = calloc(1, sizeof *new);
  if (!new) return SLUICE_ERROR_UNAVAILABLE;
  new->instance = made;
  new->life = life_of(made, &new->handle, error, &status);
  if (!new->life) {
    free(new);
    return status;
  }
  put64(&new->review, new->handle), put_exchange(&new->review, exchange);
  *opened = new;
  return SLUICE_OK;
}

static void close_review(void *opened) {
  session *old = opened;
  life_release(old->life), free(old->review.bytes), free(old);
}

static sluice_status guard_segment(void *opened, const sluice_segment *segment, sluice_bytes bytes,
                                   sluice_array findings, sluice_error *error) {
  wire_writer *w = &((session *)opened)->review;
  put32(w, 1), put_segment(w, segment), put_bytes(w, bytes), put_findings(w, findings);
  return w->broken ? isolated_fail(error, SLUICE_ERROR_LIMIT, "The request is too long for an isolated plugin.") : SLUICE_OK;
}

static sluice_status score_segment(void *opened, const sluice_segment *segment, sluice_bytes bytes,
                                   sluice_array findings, sluice_array fingerprints, sluice_error *error) {
  sluice_status status = guard_segment(opened, segment, bytes, findings, error);
  put_texts(&((session *)opened)->review, fingerprints);
  return status;
}

static sluice_status run_review(session *s, call *c, uint32_t op, sluice_error *error) {
  uint64_t deadline = channel_now() + (uint64_t)s->instance->milliseconds * 1000000u;
  put32(&s->review, 0);
  for (int attempt = 0;; attempt++) {
    if (attempt > 0 || atomic_load(&s->life->ended)) {
      if (channel_now() > deadline) return no_life(s->instance->plugin, error);
      sluice_status status;
      uint64_t handle;
      isolated_wait(s->instance->plugin, s->life, deadline, s->instance->milliseconds);
      child *life = life_of(s->instance, &handle, error, &status);
      if (!life) return status;
      life_release(s->life), s->life = life;
      if (!s->review.broken) memcpy(s->review.bytes, &handle, sizeof handle);
    }
    call_begin(c, s->life, op, s->instance->milliseconds);
    put_raw(c->question, s->review.bytes, s->review.length);
    if (s->review.broken) c->question->broken = 1;
    sluice_status status = call_run(c, error);
    if (status == SLUICE_OK || !call_is_innocent(c) || attempt == MOST_ATTEMPTS) return status;
  }
}

static sluice_status guard_finish(void *opened, const sluice_guard_emitter *emitter, sluice_error *error) {
  call c;
  sluice_status status = run_review(opened, &c, OP_GUARD, error);
  if (status != SLUICE_OK) return status;
  for (uint64_t i = 0; i < c.emitted && !c.answer.broken; i++) {
    sluice_guard_verdict v = {.size = sizeof v};
    v.verdict = take32(&c.answer), v.rule = take_bytes(&c.answer), v.message = take_bytes(&c.answer);
    if (!c.answer.broken) emitter->emit(emitter->context, &v);
  }
  take64(&c.answer);
  return call_end(&c, error);
}

static sluice_status score_finish(void *opened, const sluice_score_emitter *emitter, uint32_t *score,
                                  sluice_error *error) {
  call c;
  sluice_status status = run_review(opened, &c, OP_SCORE, error);
  if (status != SLUICE_OK) return status;
  for (uint64_t i = 0; i < c.emitted && !c.answer.broken; i++) {
    sluice_score_reason reason = take_reason(&c.answer);
    if (!c.answer.broken) emitter->reason(emitter->context, &reason);
  }
  uint64_t points = take64(&c.answer);
  *score = points > 100 ? 100 : (uint32_t)points;
  return call_end(&c, error);
}


const sluice_guard guard_functions = {sizeof guard_functions, 0, NULL, instance_wants, open_review, guard_segment, guard_finish,
                                      close_review};
const sluice_score score_functions = {sizeof score_functions, 0, NULL, instance_wants, open_review, score_segment, score_finish,
                                      close_review};
