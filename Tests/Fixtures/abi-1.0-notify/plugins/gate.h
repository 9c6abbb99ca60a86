/* gate.h: asks people from 50 points on, and answers on a thread of its own, a moment later. */
#include "common.h"

#include <pthread.h>
#include <unistd.h>

#ifndef DECISION_HOOK /* on `decision`, before it is made known */
#define DECISION_HOOK
#endif
#ifndef AFTER_COMPLETION
#define AFTER_COMPLETION
#endif

typedef struct {
  const sluice_host *host;
  uint64_t token;
  uint32_t score;
} question;

static _Atomic int64_t asked;

static void *answer(void *raw) {
  question q = *(question *)raw;
  free(raw);
  usleep(2000);
  const sluice_host_completion *completion = q.host->get_extension(q.host, text_of(SLUICE_HOST_COMPLETION_ID));
  sluice_gate_decision decision = {.size = sizeof decision,
                                   .verdict = q.score >= 50 ? SLUICE_GATE_HOLD : SLUICE_GATE_ALLOW,
                                   .quorum = 1,
                                   .flags = SLUICE_GATE_LOCAL_OPERATOR,
                                   .expires = 900,
                                   .reason = text_of("The score is high.")};
  DECISION_HOOK
  completion->decided(q.host, q.token, &decision);
  AFTER_COMPLETION
  atomic_fetch_sub(&asked, 1);
  return NULL;
}

static sluice_status decide(void *self, const sluice_gate_request *request, const sluice_gate_emitter *emitter,
                            sluice_error *error) {
  instance *owner = self;
  (void)emitter;
  if (owner->host->get_extension(owner->host, text_of(SLUICE_HOST_COMPLETION_ID)) == NULL) {
    return fail(error, SLUICE_ERROR_UNSUPPORTED, "this host waits for nobody");
  }
  question *q = calloc(1, sizeof *q);
  if (q == NULL) return fail(error, SLUICE_ERROR_LIMIT, "out of memory");
  *q = (question){owner->host, request->token, request->score};
  pthread_t thread;
  atomic_fetch_add(&asked, 1);
  if (pthread_create(&thread, NULL, answer, q) != 0) {
    free(q);
    atomic_fetch_sub(&asked, 1);
    return fail(error, SLUICE_ERROR_LIMIT, "no thread can be started");
  }
  pthread_detach(thread);
  return SLUICE_PENDING;
}

static void cancel(void *self, uint64_t token) { (void)self, (void)token; }

SLUICE_NOTE("org.example.broken", "sluice.gate/1")

EXPORTED const sluice_plugin *sluice_plugin_v1(const sluice_host *host) {
  static sluice_gate table;
  table = (sluice_gate){.size = sizeof table, .filter = &filter_table, .decide = decide, .cancel = cancel};
  return enter(host, SLUICE_GATE_ID, &table);
}
