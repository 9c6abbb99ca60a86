/* child_text.c: calls that look at texts: detect, mask, guard, score. */
#include "child.h"

static sluice_status emit_finding(void *context, const sluice_finding *given) {
  EMITTED(sluice_finding, finding)
  c->emitted++, put_finding(c->answer, finding);
  return c->answer->broken ? SLUICE_ERROR_DENIED : SLUICE_OK;
}
static sluice_status emit_edit(void *context, const sluice_edit *given) {
  EMITTED(sluice_edit, edit)
  c->emitted++;
  put32(c->answer, edit->finding), put64(c->answer, edit->start), put64(c->answer, edit->end);
  put_bytes(c->answer, edit->replacement), put_bytes(c->answer, edit->operation);
  put_bytes(c->answer, edit->fingerprint);
  return c->answer->broken ? SLUICE_ERROR_DENIED : SLUICE_OK;
}
static sluice_status emit_verdict(void *context, const sluice_guard_verdict *given) {
  EMITTED(sluice_guard_verdict, verdict)
  c->emitted++;
  put32(c->answer, verdict->verdict), put_bytes(c->answer, verdict->rule), put_bytes(c->answer, verdict->message);
  return SLUICE_OK;
}
static sluice_status emit_reason(void *context, const sluice_score_reason *given) {
  EMITTED(sluice_score_reason, reason)
  c->emitted++, put_reason(c->answer, reason);
  return SLUICE_OK;
}
/* The session that a call is in: one of before, or one that is opened now. NULL: it could not be. */
static child_session *session_in(wire_reader *r, call *c, sluice_status *status) {
  child_session *known = (child_session *)(uintptr_t)take64(r);
  if (known) return known;
  child_instance *instance = (child_instance *)(uintptr_t)take64(r);
  sluice_exchange exchange;
  sluice_principal principal;
  take_exchange(r, &exchange, &principal);
  void *made = NULL;
  *status = instance->kind == KIND_DETECT ? FUNCTION(detect, open)(instance->instance, &exchange, &made, &c->error)
                                          : FUNCTION(mask, open)(instance->instance, &exchange, &made, &c->error);
  free_exchange(&exchange, &principal);
  return *status == SLUICE_OK ? child_session_new(instance, made) : NULL;
}

sluice_status child_feed(wire_reader *r, call *c) {
  sluice_status status = SLUICE_OK;
  child_session *session = session_in(r, c, &status);
  sluice_segment segment = take_segment(r);
  uint64_t base = take64(r), safe;
  sluice_bytes bytes = take_bytes(r);
  uint32_t last = take32(r);
  safe = take64(r);
  sluice_finding_emitter emitter = {sizeof emitter, 0, c, emit_finding};
  if (session)
    status = FUNCTION(detect, feed)(session->session, &segment, base, bytes, last, &emitter, &safe, &c->error);
  put64(c->answer, safe), put64(c->answer, (uint64_t)(uintptr_t)session);
  return status;
}

sluice_status child_edit(wire_reader *r, call *c) {
  sluice_status status = SLUICE_OK;
  child_session *session = session_in(r, c, &status);
  sluice_segment segment = take_segment(r);
  uint64_t base = take64(r);
  sluice_bytes bytes = take_bytes(r);
  sluice_array findings = take_findings(r);
  sluice_edit_emitter emitter = {sizeof emitter, 0, c, emit_edit};
  if (session) status = FUNCTION(mask, edit)(session->session, &segment, base, bytes, findings, &emitter, &c->error);
  put64(c->answer, (uint64_t)(uintptr_t)session);
  free((void *)findings.first);
  return status;
}

/* A review comes whole: its exchange, its segments, its end. */
sluice_status child_review(wire_reader *r, call *c, uint32_t kind) {
  const sluice_guard *guard = child_tables[KIND_GUARD];
  const sluice_score *score = child_tables[KIND_SCORE];
  child_instance *instance = (child_instance *)(uintptr_t)take64(r);
  sluice_exchange exchange;
  sluice_principal principal;
  take_exchange(r, &exchange, &principal);
  void *session = NULL;
  uint32_t points = 0;
  sluice_status status = kind == KIND_GUARD ? guard->open(instance->instance, &exchange, &session, &c->error)
                                            : score->open(instance->instance, &exchange, &session, &c->error);
  int is_open = status == SLUICE_OK;
  while (status == SLUICE_OK && take32(r)) {
    sluice_segment segment = take_segment(r);
    sluice_bytes bytes = take_bytes(r);
    sluice_array findings = take_findings(r);
    if (kind == KIND_GUARD) {
      status = guard->segment(session, &segment, bytes, findings, &c->error);
    } else {
      sluice_array fingerprints = take_texts(r);
      status = score->segment(session, &segment, bytes, findings, fingerprints, &c->error);
      free((void *)fingerprints.first);
    }
    free((void *)findings.first);
  }
  if (status == SLUICE_OK && kind == KIND_GUARD) {
    sluice_guard_emitter emitter = {sizeof emitter, 0, c, emit_verdict};
    status = guard->finish(session, &emitter, &c->error);
  } else if (status == SLUICE_OK) {
    sluice_score_emitter emitter = {sizeof emitter, 0, c, emit_reason};
    status = score->finish(session, &emitter, &points, &c->error);
  }
  if (is_open) kind == KIND_GUARD ? guard->close(session) : score->close(session);
  free_exchange(&exchange, &principal);
  put64(c->answer, points);
  return status;
}
