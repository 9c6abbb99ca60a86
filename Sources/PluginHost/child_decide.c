/* child_decide.c: calls that decide, and that ask people: authenticate, gate, notify. */
#include "child.h"

static sluice_status emit_authentication(void *context, const sluice_authentication *given) {
  EMITTED(sluice_authentication, a)
  c->emitted++;
  put_authentication(c->answer, a);
  return SLUICE_OK;
}
static sluice_status emit_decision(void *context, const sluice_gate_decision *given) {
  EMITTED(sluice_gate_decision, d)
  c->emitted++;
  put_decision(c->answer, d);
  return SLUICE_OK;
}

sluice_status child_authenticate(wire_reader *r, call *c) {
  child_instance *instance = (child_instance *)(uintptr_t)take64(r);
  sluice_head head = {.size = sizeof head};
  head.token = take64(r), head.method = take_bytes(r), head.path = take_bytes(r);
  uint64_t count;
  sluice_header *headers = take_array(r, 16, sizeof *headers, &count);
  for (uint64_t i = 0; i < count; i++)
    headers[i].size = sizeof *headers, headers[i].name = take_bytes(r), headers[i].value = take_bytes(r);
  head.headers = (sluice_array){headers, count, sizeof *headers};
  head.peer_address = take_bytes(r), head.peer_certificate = take_bytes(r);
  sluice_authenticate_emitter emitter = {sizeof emitter, 0, c, emit_authentication};
  sluice_status status = ((const sluice_authenticate *)child_tables[KIND_AUTHENTICATE])
                             ->authenticate(instance->instance, &head, &emitter, &c->error);
  free(headers);
  return status;
}

sluice_status child_gate(wire_reader *r, call *c) {
  child_instance *instance = (child_instance *)(uintptr_t)take64(r);
  sluice_gate_request request = {.size = sizeof request};
  sluice_exchange exchange;
  sluice_principal principal;
  request.score = take32(r), request.token = take64(r), request.findings = take64(r);
  take_exchange(r, &exchange, &principal);
  request.exchange = &exchange;
  uint64_t count;
  sluice_score_reason *reasons = take_array(r, 20, sizeof *reasons, &count);
  for (uint64_t i = 0; i < count; i++) reasons[i] = take_reason(r);
  request.reasons = (sluice_array){reasons, count, sizeof *reasons};
  request.kinds = take_texts(r);
  sluice_gate_emitter emitter = {sizeof emitter, 0, c, emit_decision};
  sluice_status status =
      ((const sluice_gate *)child_tables[KIND_GATE])->decide(instance->instance, &request, &emitter, &c->error);
  free(reasons), free((void *)request.kinds.first), free_exchange(&exchange, &principal);
  return status;
}

sluice_status child_cancel(wire_reader *r) {
  child_instance *instance = (child_instance *)(uintptr_t)take64(r);
  uint64_t token = take64(r);
  if (instance->kind == KIND_AUTHENTICATE) FUNCTION(authenticate, cancel)(instance->instance, token);
  if (instance->kind == KIND_GATE) FUNCTION(gate, cancel)(instance->instance, token);
  return SLUICE_OK;
}


/* ---- notifiers ---- */

static sluice_status emit_notified(void *context, uint32_t what, uint32_t code, sluice_bytes first, sluice_bytes second) {
  call *c = context;
  if (!c || c != child_call || c->breach) return SLUICE_ERROR_DENIED;
  c->emitted++, put32(c->answer, what), put32(c->answer, code), put_bytes(c->answer, first), put_bytes(c->answer, second);
  return c->answer->broken ? SLUICE_ERROR_LIMIT : SLUICE_OK;
}
static sluice_status emit_reference(void *context, sluice_bytes reference) {
  return emit_notified(context, NOTIFY_REFERENCE, 0, reference, (sluice_bytes){0});
}
static sluice_status emit_answer(void *context, uint32_t status, sluice_bytes type, sluice_bytes body) {
  return emit_notified(context, NOTIFY_ANSWER, status, type, body);
}
/* At once: the filter shows the person what it came to. */
static sluice_status emit_reply(void *context, const sluice_reply *given, uint32_t *outcome) {
  EMITTED(sluice_reply, reply)
  wire_writer w = {0}, answer = {0};
  put32(&w, UP_REPLY), put_reply_of_person(&w, reply);
  child_ask(&w, &answer);
  wire_reader r = {answer.bytes, answer.length, 0, 0};
  sluice_status status = (sluice_status)take32(&r);
  uint32_t came_to = take32(&r);
  if (outcome) *outcome = r.broken ? SLUICE_OUTCOME_UNAVAILABLE : came_to;
  free(answer.bytes);
  return status;
}

/* Nobody speaks while something is sent. */
static sluice_status refuse_reply(void *context, const sluice_reply *reply, uint32_t *outcome) {
  (void)context, (void)reply, (void)outcome;
  return SLUICE_ERROR_DENIED;
}

sluice_status child_notify(uint32_t op, wire_reader *r, call *c) {
  const sluice_notify *notify = child_tables[KIND_NOTIFY];
  void *instance = ((child_instance *)(uintptr_t)take64(r))->instance;
  sluice_notify_emitter emitter = {sizeof emitter, 0, c, emit_reference, emit_reply, emit_answer};
  uint64_t count, retry_after = 0;
  sluice_status status;
  if (op == OP_NOTIFY) {
    emitter.reply = refuse_reply;
    sluice_notification n = {.size = sizeof n};
    n.attempt = take32(r), n.id = take_bytes(r), n.reference = take_bytes(r), n.json = take_bytes(r);
    status = notify->send(instance, &n, &emitter, &retry_after, &c->error);
  } else if (op == OP_RECEIVE) {
    sluice_notify_call request = {.size = sizeof request};
    request.time = take64(r), request.method = take_bytes(r), request.path = take_bytes(r);
    sluice_header *headers = take_array(r, 16, sizeof *headers, &count);
    for (uint64_t i = 0; i < count; i++)
      headers[i].size = sizeof *headers, headers[i].name = take_bytes(r), headers[i].value = take_bytes(r);
    request.headers = (sluice_array){headers, count, sizeof *headers}, request.body = take_bytes(r);
    status = notify->receive(instance, &request, &emitter, &c->error);
    free(headers);
  } else {
    sluice_notified *open = take_array(r, 16, sizeof *open, &count);
    for (uint64_t i = 0; i < count; i++)
      open[i].size = sizeof *open, open[i].approval = take_bytes(r), open[i].reference = take_bytes(r);
    status = notify->poll(instance, (sluice_array){open, count, sizeof *open}, &emitter, &c->error);
    free(open);
  }
  put64(c->answer, retry_after);
  return status;
}
