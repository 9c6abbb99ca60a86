/* proxy.c: an isolated plugin as the host sees it: the header's tables, whose functions are calls to the child. */
#define _GNU_SOURCE
#include "proxy.h"
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

pthread_mutex_t isolation_control = PTHREAD_MUTEX_INITIALIZER;

static const char *const ids[KINDS] = {SLUICE_DETECT_ID, SLUICE_MASK_ID,         SLUICE_GUARD_ID, SLUICE_SCORE_ID,
                                       SLUICE_AUTHENTICATE_ID, SLUICE_GATE_ID, SLUICE_SINK_ID};

/* ---- instances ---- */

static isolated *of_filter(const sluice_filter *filter) { return filter->context; }
static uint32_t kind_of(const sluice_filter *filter) {
  return (uint32_t)(filter - of_filter(filter)->filters);
}

sluice_status no_life(isolated *plugin, sluice_error *error) {
  char message[600];
  pthread_mutex_lock(&plugin->lock);
  snprintf(message, sizeof message, "The isolated plugin is not running: %s.", plugin->problem);
  pthread_mutex_unlock(&plugin->lock);
  return fail(error, SLUICE_ERROR_UNAVAILABLE, message);
}

static sluice_status validate(const sluice_filter *filter, sluice_bytes configuration, sluice_error *error) {
  isolated *plugin = of_filter(filter);
  child *life = child_hold(plugin);
  if (!life) return no_life(plugin, error);
  call c;
  call_begin(&c, life, OP_VALIDATE, plugin->policy.control_milliseconds);
  put32(c.question, kind_of(filter)), put_bytes(c.question, configuration);
  sluice_status status = call_run(&c, error);
  if (status == SLUICE_OK) status = call_end(&c, error);
  child_release(life);
  return status;
}

static sluice_status make_in(instance *made, child *life, uint64_t *handle, uint64_t *fact, sluice_error *error) {
  call c;
  call_begin(&c, life, OP_CREATE, made->plugin->policy.control_milliseconds);
  put32(c.question, made->kind);
  put_bytes(c.question, (sluice_bytes){made->configuration.bytes, made->configuration.length});
  sluice_status status = call_run(&c, error);
  if (status != SLUICE_OK) return status;
  *handle = take64(&c.answer), *fact = take64(&c.answer);
  status = call_end(&c, error);
  /* What the first life declared holds: another word in a later one makes the instance unusable. */
  if (status == SLUICE_OK && made->life && *fact != made->fact)
    return fail(error, SLUICE_ERROR_DENIED, "The isolated plugin declares other limits than before.");
  return status;
}

sluice_status instance_make(instance *made, child *life, sluice_error *error) {
  uint64_t handle = 0, fact = 0;
  sluice_status status = make_in(made, life, &handle, &fact, error);
  pthread_mutex_lock(&made->plugin->lock);
  made->life = life, made->status = status;
  if (status == SLUICE_OK) made->handle = handle, made->fact = fact;
  pthread_mutex_unlock(&made->plugin->lock);
  return status;
}

void instance_prepare(instance *made, child *life) {
  uint64_t fact = 0;
  prepared *new = calloc(1, sizeof *new);
  if (!new) abort();
  new->serial = made->serial, new->status = make_in(made, life, &new->handle, &fact, NULL);
  new->next = life->prepared, life->prepared = new;
}

int instance_take(instance *made, child *life) {
  for (prepared *at = life->prepared; at; at = at->next)
    if (at->serial == made->serial) {
      made->life = life, made->status = at->status, made->handle = at->handle;
      return 1;
    }
  return 0;
}

static sluice_status create(const sluice_filter *filter, const sluice_host *host, sluice_bytes configuration,
                            void **made, sluice_error *error) {
  (void)host;
  isolated *plugin = of_filter(filter);
  instance *new = calloc(1, sizeof *new);
  if (!new) return SLUICE_ERROR_UNAVAILABLE;
  static _Atomic uint64_t serials;
  new->serial = atomic_fetch_add(&serials, 1) + 1;
  new->plugin = plugin, new->kind = kind_of(filter), new->milliseconds = plugin->policy.call_milliseconds;
  put_bytes(&new->configuration, (sluice_bytes){0}), new->configuration.length = 0;
  put_raw(&new->configuration, configuration.data, configuration.length);
  pthread_mutex_lock(&isolation_control);
  child *life = child_hold(plugin);
  sluice_status status = life ? instance_make(new, life, error) : no_life(plugin, error);
  if (status == SLUICE_OK) {
    pthread_mutex_lock(&plugin->lock);
    new->next = plugin->instances, plugin->instances = new;
    pthread_mutex_unlock(&plugin->lock);
    *made = new;
  }
  pthread_mutex_unlock(&isolation_control);
  child_release(life);
  if (status != SLUICE_OK) free(new->configuration.bytes), free(new);
  return status;
}

child *life_of(instance *instance, uint64_t *handle, sluice_error *error, sluice_status *status) {
  isolated *plugin = instance->plugin;
  pthread_mutex_lock(&plugin->lock);
  int is_gone = !plugin->current;
  pthread_mutex_unlock(&plugin->lock);
  /* One that stands by takes over within microseconds; another one is waited for, for a while after each end. */
  if (is_gone) isolated_wait(plugin, NULL, UINT64_MAX, instance->milliseconds);
  pthread_mutex_lock(&plugin->lock);
  child *life = plugin->current;
  if (life && (instance->life != life || instance->status != SLUICE_OK)) life = NULL;
  if (life) atomic_fetch_add(&life->users, 1), *handle = instance->handle;
  pthread_mutex_unlock(&plugin->lock);
  *status = life ? SLUICE_OK : no_life(plugin, error);
  return life;
}

static void destroy(const sluice_filter *filter, void *made) {
  instance *old = made;
  isolated *plugin = of_filter(filter);
  pthread_mutex_lock(&isolation_control);
  pthread_mutex_lock(&plugin->lock);
  for (instance **at = &plugin->instances; *at; at = &(*at)->next)
    if (*at == old) {
      *at = old->next;
      break;
    }
  pthread_mutex_unlock(&plugin->lock);
  uint64_t handle;
  sluice_status status;
  child *life = life_of(old, &handle, NULL, &status);
  if (life) {
    call c;
    call_begin(&c, life, OP_DESTROY, plugin->policy.control_milliseconds);
    put64(c.question, handle);
    if (call_run(&c, NULL) == SLUICE_OK) call_end(&c, NULL);
    child_release(life);
  }
  pthread_mutex_unlock(&isolation_control);
  free(old->configuration.bytes), free(old);
}

static uint64_t maximum_hold(void *made) { return ((instance *)made)->fact; }
static uint32_t wants(void *made) { return (uint32_t)((instance *)made)->fact; }

/* ---- sessions ---- */

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
    child_release(new->life), free(new->review.bytes), free(new);
    return fail(error, SLUICE_ERROR_LIMIT, "What is said of the exchange is too long for an isolated plugin.");
  }
  *opened = new;
  return SLUICE_OK;
}

/* ---- sessions that outlive a process ---- */

/* Bytes that are kept of what a session was told. */
#define MOST_HISTORY (64u << 10)
/* How often one call begins again, where it is always another one's that the process ends in. */
#define MOST_ATTEMPTS 8

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

/* Runs it, in the next life where this one ends in another one's call. `own`: where its words begin, then and now. */
static sluice_status run_in(session *s, call *c, uint32_t op, uint64_t *own, sluice_error *error) {
  uint64_t deadline = c->deadline;
  sluice_status status = call_run(c, error);
  for (int attempt = 0; status != SLUICE_OK && call_is_innocent(c) && attempt < MOST_ATTEMPTS; attempt++) {
    wire_writer words = {0};
    put_raw(&words, c->question->bytes + *own, c->question->length - *own);
    int is_alive = !words.broken && revive(s, deadline);
    if (is_alive) {
      *own = begin_in(s, c, op), put_raw(c->question, words.bytes, words.length);
      c->deadline = deadline;
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
  if (s->is_lost || s->is_long || !isolated_wait(s->instance->plugin, s->life, deadline, s->instance->milliseconds)) return 0;
  child *life = life_of(s->instance, &handle, NULL, &status);
  if (!life) return 0;
  child_release(s->life);
  s->life = life, s->handle = 0, s->is_lost = 1;
  memcpy(s->review.bytes, &handle, sizeof handle);
  wire_reader history = {s->history.bytes, s->history.length, 0, 0};
  while (history.at < history.length) {
    uint32_t op = take32(&history);
    sluice_bytes words = take_bytes(&history);
    call c;
    call_begin(&c, life, op, s->instance->milliseconds);
    c.deadline = deadline;
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
  child_release(old->life), free(old->review.bytes), free(old->history.bytes), free(old);
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

/* ---- reviews: collected here, and told in one call ---- */

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
  child_release(old->life), free(old->review.bytes), free(old);
}

static sluice_status guard_segment(void *opened, const sluice_segment *segment, sluice_bytes bytes,
                                   sluice_array findings, sluice_error *error) {
  wire_writer *w = &((session *)opened)->review;
  put32(w, 1), put_segment(w, segment), put_bytes(w, bytes), put_findings(w, findings);
  return w->broken ? fail(error, SLUICE_ERROR_LIMIT, "The request is too long for an isolated plugin.") : SLUICE_OK;
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
      sluice_status status;
      uint64_t handle;
      isolated_wait(s->instance->plugin, s->life, deadline, s->instance->milliseconds);
      child *life = life_of(s->instance, &handle, error, &status);
      if (!life) return status;
      child_release(s->life), s->life = life;
      if (!s->review.broken) memcpy(s->review.bytes, &handle, sizeof handle);
    }
    call_begin(c, s->life, op, s->instance->milliseconds);
    c->deadline = deadline;
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

/* ---- decisions ---- */

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
  if (head->token) owe(life, KIND_AUTHENTICATE, head->token);
  call_begin(&c, life, OP_AUTHENTICATE, instance->milliseconds);
  put64(c.question, handle), put64(c.question, head->token);
  put_bytes(c.question, head->method), put_bytes(c.question, head->path), put64(c.question, head->headers.count);
  for (uint64_t i = 0; i < head->headers.count; i++) {
    const sluice_header *header = element(head->headers, i);
    put_bytes(c.question, header->name), put_bytes(c.question, header->value);
  }
  put_bytes(c.question, head->peer_address), put_bytes(c.question, head->peer_certificate);
  c.deadline = deadline;
  status = call_run(&c, error);
  if (status != SLUICE_OK && call_is_innocent(&c) && attempt++ < MOST_ATTEMPTS) {
    if (head->token) settle(instance->plugin, KIND_AUTHENTICATE, head->token);
    isolated_wait(instance->plugin, life, deadline, instance->milliseconds), child_release(life);
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
  if (head->token && status != SLUICE_PENDING) settle(instance->plugin, KIND_AUTHENTICATE, head->token);
  child_release(life);
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
  if (request->token) owe(life, KIND_GATE, request->token);
  call_begin(&c, life, OP_GATE, instance->milliseconds);
  put64(c.question, handle), put32(c.question, request->score), put64(c.question, request->token);
  put64(c.question, request->findings), put_exchange(c.question, request->exchange);
  put64(c.question, request->reasons.count);
  for (uint64_t i = 0; i < request->reasons.count; i++) put_reason(c.question, element(request->reasons, i));
  put_texts(c.question, request->kinds);
  c.deadline = deadline;
  status = call_run(&c, error);
  if (status != SLUICE_OK && call_is_innocent(&c) && attempt++ < MOST_ATTEMPTS) {
    if (request->token) settle(instance->plugin, KIND_GATE, request->token);
    isolated_wait(instance->plugin, life, deadline, instance->milliseconds), child_release(life);
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
  if (request->token && status != SLUICE_PENDING) settle(instance->plugin, KIND_GATE, request->token);
  child_release(life);
  return status;
}

/* Nobody waits for the answer any more. */
static void cancel(void *made, uint64_t token) {
  instance *instance = made;
  uint64_t handle;
  sluice_status status;
  settle(instance->plugin, instance->kind, token);
  child *life = life_of(instance, &handle, NULL, &status);
  if (!life) return;
  call c;
  call_begin(&c, life, OP_CANCEL, instance->milliseconds);
  put64(c.question, handle), put64(c.question, token);
  if (call_run(&c, NULL) == SLUICE_OK) call_end(&c, NULL);
  child_release(life);
}

/* ---- the tables ---- */

static void *sink_table(const sluice_filter *filter, uint32_t has) {
  sluice_sink *made = malloc(sizeof *made);
  if (!made) return NULL;
  *made = sink_functions, made->filter = filter;
  if (!(has & HAS_PROBE)) made->probe = NULL;
  if (!(has & HAS_CHECKPOINT)) made->checkpoint = NULL;
  if (!(has & HAS_RECOVER_CHECKPOINT)) made->recover_checkpoint = NULL;
  return made;
}

static void *reading_table(const sluice_filter *filter, uint32_t has) {
  sluice_sink_read *made = malloc(sizeof *made);
  if (!made) return NULL;
  *made = reading_functions, made->filter = filter;
  if (!(has & HAS_READ_CHECKPOINTS)) made->checkpoints = NULL;
  if (!(has & HAS_READ_SESSIONS)) made->sessions = NULL;
  return made;
}

static void *table_of(uint32_t kind, const sluice_filter *filter, uint32_t has) {
#define TABLE(type, ...) \
  { type *made = malloc(sizeof *made); if (made) *made = (type){sizeof *made, 0, filter, __VA_ARGS__}; return made; }
  switch (kind) {
  case KIND_DETECT: TABLE(sluice_detect, maximum_hold, open_session, feed, close_session)
  case KIND_MASK: TABLE(sluice_mask, open_session, edit, close_session)
  case KIND_GUARD: TABLE(sluice_guard, wants, open_review, guard_segment, guard_finish, close_review)
  case KIND_SCORE: TABLE(sluice_score, wants, open_review, score_segment, score_finish, close_review)
  case KIND_AUTHENTICATE: TABLE(sluice_authenticate, authenticate, has & HAS_CANCEL ? cancel : NULL)
  case KIND_GATE: TABLE(sluice_gate, decide, has & HAS_CANCEL ? cancel : NULL)
  case KIND_SINK: return sink_table(filter, has);
  }
  return NULL;
}

static const void *extension(const sluice_plugin *table, sluice_bytes id) {
  const isolated *plugin = (const isolated *)table;
  for (uint32_t kind = 0; kind < KINDS; kind++)
    if (id.length == strlen(ids[kind]) && memcmp(id.data, ids[kind], id.length) == 0) return plugin->tables[kind];
  if (id.length == strlen(SLUICE_SINK_READ_ID) && memcmp(id.data, SLUICE_SINK_READ_ID, id.length) == 0) return plugin->reading;
  return NULL;
}

int isolated_describe(isolated *plugin) {
  wire_reader r = {plugin->description.bytes, plugin->description.length, 4, 0};
  plugin->table = (sluice_plugin){.size = sizeof plugin->table, .get_extension = extension};
  plugin->table.abi_major = take32(&r), plugin->table.abi_minor = take32(&r);
  plugin->table.id = take_bytes(&r), plugin->table.version = take_bytes(&r);
  for (uint32_t kind = 0; kind < KINDS; kind++) {
    if (!take32(&r)) continue;
    sluice_filter *filter = &plugin->filters[kind];
    *filter = (sluice_filter){.size = sizeof *filter, .context = plugin, .create = create, .destroy = destroy};
    filter->flags = take32(&r), filter->name = take_bytes(&r), filter->summary = take_bytes(&r);
    filter->schema = take_bytes(&r);
    if (take32(&r)) filter->validate = validate;
    uint32_t has = take32(&r);
    if (!(plugin->tables[kind] = table_of(kind, filter, has))) return 0;
    if (kind == KIND_SINK && has & HAS_READ && !(plugin->reading = reading_table(filter, has))) return 0;
  }
  return !r.broken && r.at == r.length;
}

/* ---- the beginning ---- */

static char *list_copy(const char *list) {
  size_t length = 0;
  while (list[length]) length += strlen(list + length) + 1;
  char *copy = malloc(length + 1);
  if (!copy) abort();
  memcpy(copy, list, length), copy[length] = 0;
  return copy;
}

const sluice_plugin *sluice_isolation_start(const char *executable, const char *path, int32_t library,
                                            const sluice_host *host, const sluice_isolation_policy *policy,
                                            char *message, uint64_t capacity) {
  isolated *plugin = calloc(1, sizeof *plugin);
  if (!plugin) abort();
  plugin->library = library;
  off_t length = lseek(library, 0, SEEK_END);
  plugin->image_length = length > 0 ? (uint64_t)length : 0;
  plugin->image = mmap(NULL, plugin->image_length ? plugin->image_length : 1, PROT_READ, MAP_PRIVATE, plugin->library, 0);
  plugin->host = host, plugin->executable = strdup(executable), plugin->policy = *policy;
  plugin->policy.read = list_copy(policy->read), plugin->policy.write = list_copy(policy->write);
  plugin->policy.ports = list_copy(policy->ports);
  pthread_condattr_t monotonic;
  pthread_condattr_init(&monotonic), pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
  pthread_mutex_init(&plugin->lock, NULL), pthread_cond_init(&plugin->changed, &monotonic);
  if (plugin->image == MAP_FAILED || !plugin->executable || !isolated_begin(plugin)) {
    snprintf(message, capacity, "%s can't be loaded in a process of its own: %s", path, plugin->problem);
    isolated_free(plugin);
    return NULL;
  }
  image_add(plugin);
  return &plugin->table;
}

uint64_t sluice_isolation_restarts(const sluice_plugin *plugin) {
  return atomic_load(&((isolated *)plugin)->restarts);
}

void sluice_isolation_budget(void *made, uint32_t milliseconds) { ((instance *)made)->milliseconds = milliseconds; }

uint64_t sluice_isolation_resident(const sluice_plugin *plugin) {
  char path[32], text[128] = "";
  int32_t process = sluice_isolation_process(plugin);
  if (process <= 0) return 0;
  snprintf(path, sizeof path, "/proc/%d/statm", process);
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return 0;
  ssize_t count = read(file, text, sizeof text - 1);
  close(file);
  unsigned long long size, resident;
  if (count <= 0 || sscanf(text, "%llu %llu", &size, &resident) != 2) return 0;
  return resident * (uint64_t)sysconf(_SC_PAGESIZE);
}

int32_t sluice_isolation_process(const sluice_plugin *table) {
  isolated *plugin = (isolated *)table;
  pthread_mutex_lock(&plugin->lock);
  int32_t process = plugin->current ? (int32_t)plugin->current->process : 0;
  pthread_mutex_unlock(&plugin->lock);
  return process;
}
