/* proxy_notify.c: an isolated notifier. What a person says is put to the host inside the call: its outcome goes back. */
#include "proxy.h"

static sluice_status finish(call *c, child *life, const sluice_notify_emitter *emitter, uint64_t *retry_after,
                            sluice_error *error) {
  /* A message that may have gone out is not sent again here: the host tries again, and says that it does. */
  sluice_status status = call_run(c, error);
  if (status == SLUICE_OK) {
    for (uint64_t i = 0; i < c->emitted && !c->answer.broken; i++) {
      uint32_t what = take32(&c->answer), code = take32(&c->answer);
      sluice_bytes first = take_bytes(&c->answer), second = take_bytes(&c->answer);
      if (c->answer.broken) break;
      if (what == NOTIFY_REFERENCE) emitter->reference(emitter->context, first);
      else if (what == NOTIFY_ANSWER) emitter->answer(emitter->context, code, first, second);
      else c->answer.broken = 1;
    }
    uint64_t pause = take64(&c->answer);
    if (retry_after) *retry_after = pause;
    status = call_end(c, error);
  }
  life_release(life);
  return status;
}

static child *begin(void *made, call *c, uint32_t op, const sluice_notify_emitter *emitter, sluice_error *error,
                    sluice_status *status) {
  instance *instance = made;
  uint64_t handle;
  child *life = life_of(instance, &handle, error, status);
  if (!life) return NULL;
  call_begin(c, life, op, instance->milliseconds);
  c->replies = emitter;
  put64(c->question, handle);
  return life;
}

static sluice_status send(void *made, const sluice_notification *n, const sluice_notify_emitter *emitter,
                          uint64_t *retry_after, sluice_error *error) {
  call c;
  sluice_status status;
  child *life = begin(made, &c, OP_NOTIFY, NULL, error, &status);
  if (!life) return status;
  put32(c.question, n->attempt), put_bytes(c.question, n->id), put_bytes(c.question, n->reference);
  put_bytes(c.question, n->json);
  return finish(&c, life, emitter, retry_after, error);
}

static sluice_status receive(void *made, const sluice_notify_call *request, const sluice_notify_emitter *emitter,
                             sluice_error *error) {
  call c;
  sluice_status status;
  child *life = begin(made, &c, OP_RECEIVE, emitter, error, &status);
  if (!life) return status;
  put64(c.question, request->time), put_bytes(c.question, request->method), put_bytes(c.question, request->path);
  put64(c.question, request->headers.count);
  for (uint64_t i = 0; i < request->headers.count; i++) {
    const sluice_header *header = element(request->headers, i);
    put_bytes(c.question, header->name), put_bytes(c.question, header->value);
  }
  put_bytes(c.question, request->body);
  return finish(&c, life, emitter, NULL, error);
}

static sluice_status poll(void *made, sluice_array open, const sluice_notify_emitter *emitter, sluice_error *error) {
  call c;
  sluice_status status;
  child *life = begin(made, &c, OP_POLL, emitter, error, &status);
  if (!life) return status;
  put64(c.question, open.count);
  for (uint64_t i = 0; i < open.count; i++) {
    const sluice_notified *one = element(open, i);
    put_bytes(c.question, one->approval), put_bytes(c.question, one->reference);
  }
  return finish(&c, life, emitter, NULL, error);
}

const sluice_notify notify_functions = {sizeof notify_functions, 0, NULL, send, receive, poll};
