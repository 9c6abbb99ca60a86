/* proxy.c: an isolated plugin as the host sees it: the header's tables, whose functions are calls to the child. */
#define _GNU_SOURCE
#include "process.h"
#include <errno.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

/* Held where instances are made and ended, and while a new life gets its own. */
pthread_mutex_t isolation_control = PTHREAD_MUTEX_INITIALIZER;

static const char *const ids[KINDS] = {SLUICE_DETECT_ID, SLUICE_MASK_ID,         SLUICE_GUARD_ID, SLUICE_SCORE_ID,
                                       SLUICE_AUTHENTICATE_ID, SLUICE_GATE_ID, SLUICE_SINK_ID};

typedef struct session {
  instance *instance;
  child *life;
  uint64_t handle;
  wire_writer review; /* of a guard or a score: what is told at its end */
  uint64_t receiver;  /* of a sink */
} session;

/* ---- what the child asks of this host ---- */

typedef struct receiver {
  struct receiver *next;
  uint64_t number;
  const sluice_acknowledger *acknowledger;
} receiver;
static pthread_mutex_t receiving = PTHREAD_MUTEX_INITIALIZER;
static receiver *receivers;
static uint64_t next_receiver = 1;
static _Atomic(isolated *) all_isolated;

int32_t sluice_isolation_is_literal(const void *address) {
  for (isolated *p = atomic_load(&all_isolated); p; p = p->next)
    if ((const char *)address >= (const char *)p->image &&
        (const char *)address < (const char *)p->image + p->image_length)
      return 1;
  return 0;
}

/* The text as it stands in the plugin's own file: what is not there is no literal, whoever says so. */
static sluice_bytes literal(isolated *plugin, sluice_bytes text) {
  if (text.length == 0 || text.length > 256) return text;
  const void *found = memmem(plugin->image, plugin->image_length, text.data, text.length);
  return found ? (sluice_bytes){found, text.length} : text;
}

static const void *service(isolated *plugin, const char *id) {
  return plugin->host->get_extension(plugin->host, (sluice_bytes){(const uint8_t *)id, strlen(id)});
}

static void take_key_owner(void *context, const sluice_principal *principal) { put_principal(context, principal); }

sluice_status upcall(isolated *plugin, wire_reader *r, wire_writer *reply) {
  uint32_t what = take32(r);
  if (what == UP_LOG) {
    const sluice_host_log *log = service(plugin, SLUICE_HOST_LOG_ID);
    uint32_t level = take32(r);
    sluice_bytes template_text = literal(plugin, take_bytes(r));
    sluice_log_field fields[16] = {{0}};
    uint64_t count = take64(r);
    if (count > 16) return SLUICE_ERROR_DENIED;
    for (uint64_t i = 0; i < count; i++) {
      fields[i].size = sizeof *fields, fields[i].disclosure = take32(r);
      fields[i].name = literal(plugin, take_bytes(r));
      uint32_t is_text = take32(r);
      fields[i].text = take_bytes(r), fields[i].number = (int64_t)take64(r);
      if (!is_text) fields[i].text.data = NULL;
    }
    if (!r->broken && log) log->write(plugin->host, level, template_text, (sluice_array){fields, count, sizeof *fields});
    put32(reply, SLUICE_OK);
  } else if (what == UP_FINGERPRINT) {
    const sluice_host_fingerprint *fingerprint = service(plugin, SLUICE_HOST_FINGERPRINT_ID);
    sluice_bytes domain = take_bytes(r), value = take_bytes(r);
    uint8_t made[16] = {0};
    sluice_status status = fingerprint && !r->broken
                               ? fingerprint->compute(plugin->host, domain, value, made) : SLUICE_ERROR_UNSUPPORTED;
    put32(reply, (uint32_t)status), put_bytes(reply, (sluice_bytes){made, sizeof made});
  } else if (what == UP_KEY) {
    const sluice_host_keys *keys = service(plugin, SLUICE_HOST_KEYS_ID);
    sluice_bytes digest = take_bytes(r);
    if (r->broken || digest.length != 32) return SLUICE_ERROR_DENIED;
    uint32_t state = SLUICE_KEY_UNKNOWN;
    wire_writer owner = {0};
    sluice_key_receiver take = {sizeof take, 0, &owner, take_key_owner};
    sluice_status status = keys ? keys->find(plugin->host, digest.data, &state, &take) : SLUICE_ERROR_UNSUPPORTED;
    put32(reply, (uint32_t)status), put32(reply, state);
    owner.length ? put_raw(reply, owner.bytes, owner.length) : put32(reply, 0);
    free(owner.bytes);
  } else if (what == UP_ACKNOWLEDGE) {
    uint64_t number = take64(r), sequence = take64(r);
    uint32_t level = take32(r);
    const sluice_acknowledger *found = NULL;
    pthread_mutex_lock(&receiving);
    for (receiver *at = receivers; at; at = at->next)
      if (at->number == number) found = at->acknowledger;
    pthread_mutex_unlock(&receiving);
    put32(reply, (uint32_t)(found && !r->broken ? found->acknowledge(found->context, sequence, level)
                                                : SLUICE_ERROR_STALE));
  } else {
    return SLUICE_ERROR_DENIED;
  }
  return r->broken || reply->broken ? SLUICE_ERROR_DENIED : SLUICE_OK;
}

/* ---- instances ---- */

static isolated *of_filter(const sluice_filter *filter) { return filter->context; }
static uint32_t kind_of(const sluice_filter *filter) {
  return (uint32_t)(filter - of_filter(filter)->filters);
}

static sluice_status no_life(isolated *plugin, sluice_error *error) {
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

sluice_status instance_make(instance *made, child *life, sluice_error *error) {
  call c;
  call_begin(&c, life, OP_CREATE, made->plugin->policy.control_milliseconds);
  put32(c.question, made->kind);
  put_bytes(c.question, (sluice_bytes){made->configuration.bytes, made->configuration.length});
  sluice_status status = call_run(&c, error);
  uint64_t handle = 0, fact = 0;
  if (status == SLUICE_OK) {
    handle = take64(&c.answer), fact = take64(&c.answer);
    status = call_end(&c, error);
  }
  pthread_mutex_lock(&made->plugin->lock);
  /* What the first life declared holds: another word in a later one makes the instance unusable. */
  if (status == SLUICE_OK && made->handle && fact != made->fact)
    status = fail(error, SLUICE_ERROR_DENIED, "The isolated plugin declares other limits than before.");
  made->life = life, made->status = status;
  if (status == SLUICE_OK) made->handle = handle, made->fact = fact;
  pthread_mutex_unlock(&made->plugin->lock);
  return status;
}

static sluice_status create(const sluice_filter *filter, const sluice_host *host, sluice_bytes configuration,
                            void **made, sluice_error *error) {
  (void)host;
  isolated *plugin = of_filter(filter);
  instance *new = calloc(1, sizeof *new);
  if (!new) return SLUICE_ERROR_UNAVAILABLE;
  new->plugin = plugin, new->kind = kind_of(filter);
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

/* The instance's life and its handle there. NULL: there is none now, and `error` says why. */
static child *life_of(instance *instance, uint64_t *handle, sluice_error *error, sluice_status *status) {
  isolated *plugin = instance->plugin;
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
static uint32_t promises(void *made) {
  uint64_t fact = ((instance *)made)->fact;
  return fact > UINT32_MAX ? UINT32_MAX : (uint32_t)fact;
}

/* ---- sessions ---- */

static sluice_status open_session(void *made, const sluice_exchange *exchange, void **opened, sluice_error *error) {
  instance *instance = made;
  uint64_t handle;
  sluice_status status;
  child *life = life_of(instance, &handle, error, &status);
  if (!life) return status;
  call c;
  call_begin(&c, life, OP_OPEN, instance->plugin->policy.call_milliseconds);
  put64(c.question, handle), put_exchange(c.question, exchange);
  status = call_run(&c, error);
  if (status == SLUICE_OK) handle = take64(&c.answer), status = call_end(&c, error);
  session *new = status == SLUICE_OK ? calloc(1, sizeof *new) : NULL;
  if (!new) {
    child_release(life);
    return status == SLUICE_OK ? SLUICE_ERROR_UNAVAILABLE : status;
  }
  new->instance = instance, new->life = life, new->handle = handle, *opened = new;
  return SLUICE_OK;
}

/* The child hears of it with its next call. */
static void close_session(void *opened) {
  session *old = opened;
  child *life = old->life;
  int is_full = 0;
  if (!atomic_load(&life->ended)) {
    pthread_mutex_lock(&life->closing);
    if (life->closed_count < MOST_CLOSED) life->closed[life->closed_count++] = old->handle;
    is_full = life->closed_count == MOST_CLOSED;
    pthread_mutex_unlock(&life->closing);
  }
  if (is_full) {
    call c;
    call_begin(&c, life, OP_CLOSE, old->instance->plugin->policy.call_milliseconds);
    if (call_run(&c, NULL) == SLUICE_OK) call_end(&c, NULL);
  }
  child_release(life), free(old->review.bytes), free(old);
}

static sluice_status feed(void *opened, const sluice_segment *segment, uint64_t base, sluice_bytes bytes, uint32_t last,
                          const sluice_finding_emitter *emitter, uint64_t *safe_through, sluice_error *error) {
  session *s = opened;
  call c;
  call_begin(&c, s->life, OP_FEED, s->instance->plugin->policy.call_milliseconds);
  put64(c.question, s->handle), put_segment(c.question, segment), put64(c.question, base);
  put_bytes(c.question, bytes), put32(c.question, last), put64(c.question, *safe_through);
  sluice_status status = call_run(&c, error);
  if (status != SLUICE_OK) return status;
  for (uint64_t i = 0; i < c.emitted && !c.answer.broken; i++) {
    sluice_finding finding = take_finding(&c.answer);
    if (!c.answer.broken) emitter->emit(emitter->context, &finding);
  }
  *safe_through = take64(&c.answer);
  return call_end(&c, error);
}

static sluice_status edit(void *opened, const sluice_segment *segment, uint64_t base, sluice_bytes bytes,
                          sluice_array findings, const sluice_edit_emitter *emitter, sluice_error *error) {
  session *s = opened;
  call c;
  call_begin(&c, s->life, OP_EDIT, s->instance->plugin->policy.call_milliseconds);
  put64(c.question, s->handle), put_segment(c.question, segment), put64(c.question, base);
  put_bytes(c.question, bytes), put_findings(c.question, findings);
  sluice_status status = call_run(&c, error);
  if (status != SLUICE_OK) return status;
  for (uint64_t i = 0; i < c.emitted && !c.answer.broken; i++) {
    sluice_edit e = {.size = sizeof e};
    e.finding = take32(&c.answer), e.start = take64(&c.answer), e.end = take64(&c.answer);
    e.replacement = take_bytes(&c.answer), e.operation = take_bytes(&c.answer);
    e.fingerprint = take_bytes(&c.answer);
    if (!c.answer.broken) emitter->emit(emitter->context, &e);
  }
  return call_end(&c, error);
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
  call_begin(c, s->life, op, s->instance->plugin->policy.call_milliseconds);
  put32(&s->review, 0), put_raw(c->question, s->review.bytes, s->review.length);
  if (s->review.broken) c->question->broken = 1;
  return call_run(c, error);
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
  call_begin(&c, life, OP_AUTHENTICATE, instance->plugin->policy.call_milliseconds);
  put64(c.question, handle), put64(c.question, head->token);
  put_bytes(c.question, head->method), put_bytes(c.question, head->path), put64(c.question, head->headers.count);
  for (uint64_t i = 0; i < head->headers.count; i++) {
    const sluice_header *header = element(head->headers, i);
    put_bytes(c.question, header->name), put_bytes(c.question, header->value);
  }
  put_bytes(c.question, head->peer_address), put_bytes(c.question, head->peer_certificate);
  status = call_run(&c, error);
  if (status == SLUICE_OK) {
    for (uint64_t i = 0; i < c.emitted && !c.answer.broken; i++) {
      sluice_authentication a = {.size = sizeof a};
      sluice_principal principal;
      a.verdict = take32(&c.answer);
      a.principal = take_principal(&c.answer, &principal) ? &principal : NULL;
      a.reason = take_bytes(&c.answer), a.challenge = take_bytes(&c.answer);
      if (!c.answer.broken) emitter->emit(emitter->context, &a);
      free((void *)principal.groups.first);
    }
    status = call_end(&c, error);
  }
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
  call_begin(&c, life, OP_GATE, instance->plugin->policy.call_milliseconds);
  put64(c.question, handle), put32(c.question, request->score), put64(c.question, request->token);
  put64(c.question, request->findings), put_exchange(c.question, request->exchange);
  put64(c.question, request->reasons.count);
  for (uint64_t i = 0; i < request->reasons.count; i++) put_reason(c.question, element(request->reasons, i));
  put_texts(c.question, request->kinds);
  status = call_run(&c, error);
  if (status == SLUICE_OK) {
    for (uint64_t i = 0; i < c.emitted && !c.answer.broken; i++) {
      sluice_gate_decision d = {.size = sizeof d};
      d.verdict = take32(&c.answer), d.quorum = take32(&c.answer), d.flags = take32(&c.answer);
      d.expires = take64(&c.answer), d.approvers = take_texts(&c.answer), d.reason = take_bytes(&c.answer);
      if (!c.answer.broken) emitter->emit(emitter->context, &d);
      free((void *)d.approvers.first);
    }
    status = call_end(&c, error);
  }
  child_release(life);
  return status;
}

/* ---- sinks ---- */

static sluice_status sink_open(void *made, sluice_bytes log, const sluice_acknowledger *acknowledger, void **opened,
                               sluice_error *error) {
  instance *instance = made;
  uint64_t handle;
  sluice_status status;
  child *life = life_of(instance, &handle, error, &status);
  if (!life) return status;
  session *new = calloc(1, sizeof *new);
  receiver *way = calloc(1, sizeof *way);
  if (!new || !way) abort();
  pthread_mutex_lock(&receiving);
  way->number = new->receiver = next_receiver++, way->acknowledger = acknowledger;
  way->next = receivers, receivers = way;
  pthread_mutex_unlock(&receiving);
  call c;
  call_begin(&c, life, OP_SINK_OPEN, instance->plugin->policy.control_milliseconds);
  put64(c.question, handle), put64(c.question, new->receiver), put_bytes(c.question, log);
  status = call_run(&c, error);
  if (status == SLUICE_OK) new->handle = take64(&c.answer), status = call_end(&c, error);
  new->instance = instance, new->life = life, *opened = new;
  if (status == SLUICE_OK) return status;
  pthread_mutex_lock(&receiving);
  for (receiver **at = &receivers; *at; at = &(*at)->next)
    if (*at == way) {
      *at = way->next;
      break;
    }
  pthread_mutex_unlock(&receiving);
  free(way), child_release(life), free(new);
  return status;
}

static sluice_status sink_call(session *s, call *c, uint32_t op, sluice_error *error) {
  (void)error;
  call_begin(c, s->life, op, s->instance->plugin->policy.control_milliseconds);
  put64(c->question, s->handle);
  return SLUICE_OK;
}

static sluice_status sink_recover(void *opened, uint64_t *next, sluice_error *error) {
  call c;
  sink_call(opened, &c, OP_RECOVER, error);
  sluice_status status = call_run(&c, error);
  if (status != SLUICE_OK) return status;
  *next = take64(&c.answer);
  return call_end(&c, error);
}

static sluice_status sink_append(void *opened, sluice_array records, sluice_append_result *result,
                                 sluice_error *error) {
  call c;
  sink_call(opened, &c, OP_APPEND, error);
  put64(c.question, records.count);
  for (uint64_t i = 0; i < records.count; i++) {
    const sluice_record *record = element(records, i);
    put64(c.question, record->sequence), put_bytes(c.question, record->json);
  }
  sluice_status status = call_run(&c, error);
  if (status != SLUICE_OK) return status;
  result->accepted = take64(&c.answer), result->retry_after = take64(&c.answer);
  return call_end(&c, error);
}

static sluice_status sink_flush(void *opened, sluice_error *error) {
  call c;
  sink_call(opened, &c, OP_FLUSH, error);
  sluice_status status = call_run(&c, error);
  return status == SLUICE_OK ? call_end(&c, error) : status;
}

static void sink_close(void *opened) {
  session *s = opened;
  pthread_mutex_lock(&s->life->closing);
  int has_room = s->life->closed_count < MOST_CLOSED;
  if (has_room) s->life->closed[s->life->closed_count++] = s->handle;
  pthread_mutex_unlock(&s->life->closing);
  /* At once: the log's next sink may need what this one holds. */
  call c;
  call_begin(&c, s->life, OP_CLOSE, s->instance->plugin->policy.control_milliseconds);
  if (call_run(&c, NULL) == SLUICE_OK) call_end(&c, NULL);
  pthread_mutex_lock(&receiving);
  for (receiver **at = &receivers; *at; at = &(*at)->next)
    if ((*at)->number == s->receiver) {
      receiver *old = *at;
      *at = old->next, free(old);
      break;
    }
  pthread_mutex_unlock(&receiving);
  child_release(s->life), free(s);
}

/* ---- the tables ---- */

static void *table_of(uint32_t kind, const sluice_filter *filter) {
#define TABLE(type, ...) \
  { type *made = malloc(sizeof *made); if (made) *made = (type){sizeof *made, 0, filter, __VA_ARGS__}; return made; }
  switch (kind) {
  case KIND_DETECT: TABLE(sluice_detect, maximum_hold, open_session, feed, close_session)
  case KIND_MASK: TABLE(sluice_mask, open_session, edit, close_session)
  case KIND_GUARD: TABLE(sluice_guard, wants, open_review, guard_segment, guard_finish, close_review)
  case KIND_SCORE: TABLE(sluice_score, wants, open_review, score_segment, score_finish, close_review)
  case KIND_AUTHENTICATE: TABLE(sluice_authenticate, authenticate, NULL)
  case KIND_GATE: TABLE(sluice_gate, decide, NULL)
  case KIND_SINK: TABLE(sluice_sink, promises, sink_open, sink_recover, sink_append, sink_flush, sink_close)
  }
  return NULL;
}

static const void *extension(const sluice_plugin *table, sluice_bytes id) {
  const isolated *plugin = (const isolated *)table;
  for (uint32_t kind = 0; kind < KINDS; kind++)
    if (id.length == strlen(ids[kind]) && memcmp(id.data, ids[kind], id.length) == 0) return plugin->tables[kind];
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
    if (!(plugin->tables[kind] = table_of(kind, filter))) return 0;
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
  pthread_mutex_init(&plugin->lock, NULL), pthread_cond_init(&plugin->changed, NULL);
  if (plugin->image == MAP_FAILED || !plugin->executable || !isolated_begin(plugin)) {
    snprintf(message, capacity, "%s can't be loaded in a process of its own: %s", path, plugin->problem);
    close(plugin->library); /* the rest stays: this is told once, and the pipeline is not served */
    return NULL;
  }
  plugin->next = atomic_load(&all_isolated);
  while (!atomic_compare_exchange_weak(&all_isolated, &plugin->next, plugin)) {}
  return &plugin->table;
}

uint64_t sluice_isolation_restarts(const sluice_plugin *plugin) {
  return atomic_load(&((isolated *)plugin)->restarts);
}

int32_t sluice_isolation_process(const sluice_plugin *table) {
  isolated *plugin = (isolated *)table;
  pthread_mutex_lock(&plugin->lock);
  int32_t process = plugin->current ? (int32_t)plugin->current->process : 0;
  pthread_mutex_unlock(&plugin->lock);
  return process;
}
