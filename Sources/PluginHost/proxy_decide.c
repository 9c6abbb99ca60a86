/* proxy_decide.c: an isolated authenticate filter or gate. */
#include "proxy.h"

static sluice_status authenticate(void *made, const sluice_head *head, const sluice_authenticate_emitter *emitter,
                                  sluice_error *error) {
  instance *instance = made;
  uint64_t handle;
  sluice_status status;
  child *life = life_of(instance, &handle, error, &status);
  if (!life) return status;
  call c;
  uint64_t deadline = channel_now() + (uint64_t)instance->milliseconds * 1000000u;
  int attempt = 0;
again:
  if (head->token) owed_add(life, KIND_AUTHENTICATE, head->token);
  call_begin(&c, life, OP_AUTHENTICATE, instance->milliseconds);
  put64(c.question, handle), put64(c.question, head->token);
  put_bytes(c.question, head->method), put_bytes(c.question, head->path), put64(c.question, head->headers.count);
  for (uint64_t i = 0; i < head->headers.count; i++) {
    const sluice_header *header = element(head->headers, i);
    put_bytes(c.question, header->name), put_bytes(c.question, header->value);
  }
  put_bytes(c.question, head->peer_address), put_bytes(c.question, head->peer_certificate);
  status = call_run(&c, error);
  if (status != SLUICE_OK && call_is_innocent(&c) && attempt++ < MOST_ATTEMPTS && channel_now() < deadline) {
    if (head->token) owed_settle(instance->plugin, KIND_AUTHENTICATE, head->token);
    isolated_wait(instance->plugin, life, deadline, instance->milliseconds), life_release(life);
    if (!(life = life_of(instance, &handle, error, &status))) return status;
    goto again;
  }
  if (status == SLUICE_OK) {
    for (uint64_t i = 0; i < c.emitted && !c.answer.broken; i++) {
      sluice_principal principal;
      sluice_authentication a = take_authentication(&c.answer, &principal);
      if (!c.answer.broken) emitter->emit(emitter->context, &a);
      free((void *)principal.groups.first);
    }
    status = call_end(&c, error);
  }
  if (head->token && status != SLUICE_PENDING) owed_settle(instance->plugin, KIND_AUTHENTICATE, head->token);
  life_release(life);
  return status;
}

static sluice_status decide(void *made, const sluice_gate_request *request, const sluice_gate_emitter *emitter,
                            sluice_error *error) {
  instance *instance = made;
  uint64_t handle;
  sluice_status status;
  child *life = life_of(instance, &handle, error, &status);
  if (!life) return status;
  call c;
  uint64_t deadline = channel_now() + (uint64_t)instance->milliseconds * 1000000u;
  int attempt = 0;
again:
  if (request->token) owed_add(life, KIND_GATE, request->token);
  call_begin(&c, life, OP_GATE, instance->milliseconds);
  put64(c.question, handle), put32(c.question, request->score), put64(c.question, request->token);
  put64(c.question, request->findings), put_exchange(c.question, request->exchange);
  put64(c.question, request->reasons.count);
  for (uint64_t i = 0; i < request->reasons.count; i++) put_reason(c.question, element(request->reasons, i));
  put_texts(c.question, request->kinds);
  status = call_run(&c, error);
  if (status != SLUICE_OK && call_is_innocent(&c) && attempt++ < MOST_ATTEMPTS && channel_now() < deadline) {
    if (request->token) owed_settle(instance->plugin, KIND_GATE, request->token);
    isolated_wait(instance->plugin, life, deadline, instance->milliseconds), life_release(life);
    if (!(life = life_of(instance, &handle, error, &status))) return status;
    goto again;
  }
  if (status == SLUICE_OK) {
    for (uint64_t i = 0; i < c.emitted && !c.answer.broken; i++) {
      sluice_gate_decision d = take_decision(&c.answer);
      if (!c.answer.broken) emitter->emit(emitter->context, &d);
      free_decision(&d);
    }
    status = call_end(&c, error);
  }
  if (request->token && status != SLUICE_PENDING) owed_settle(instance->plugin, KIND_GATE, request->token);
  life_release(life);
  return status;
}

/* Nobody waits for the answer any more. */
static void cancel(void *made, uint64_t token) {
  instance *instance = made;
  uint64_t handle;
  sluice_status status;
  owed_settle(instance->plugin, instance->kind, token);
  child *life = life_of(instance, &handle, NULL, &status);
  if (!life) return;
  call c;
  call_begin(&c, life, OP_CANCEL, instance->milliseconds);
  put64(c.question, handle), put64(c.question, token);
  if (call_run(&c, NULL) == SLUICE_OK) call_end(&c, NULL);
  life_release(life);
}


const sluice_authenticate authenticate_functions = {sizeof authenticate_functions, 0, NULL, authenticate, cancel};
const sluice_gate gate_functions = {sizeof gate_functions, 0, NULL, decide, cancel};
