/* child.c: the process that an isolated plugin runs in. The host is trusted here, the plugin is not. */
#define _GNU_SOURCE
#include "PluginHost.h"
#include "channel.h"
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <signal.h>
#include <unistd.h>

#define REGION_DESCRIPTOR 3
#define LIBRARY_DESCRIPTOR 4

static region *shared;
static const sluice_plugin *plugin;
static const void *tables[KINDS];
static const sluice_sink_read *reading; /* NULL: the plugin has none */
/* Whether a table is of a header that had a function, and has it. */
#define HAS(table, type, function) \
  ((table)->size >= offsetof(type, function) + sizeof(table)->function && (table)->function != NULL)
#define FUNCTION(name, function) ((const sluice_##name *)tables[kind_##name])->function
enum { kind_detect = KIND_DETECT, kind_mask = KIND_MASK, kind_sink = KIND_SINK, kind_gate = KIND_GATE, kind_authenticate = KIND_AUTHENTICATE };
static const char *const ids[KINDS] = {SLUICE_DETECT_ID, SLUICE_MASK_ID,         SLUICE_GUARD_ID, SLUICE_SCORE_ID,
                                       SLUICE_AUTHENTICATE_ID, SLUICE_GATE_ID, SLUICE_SINK_ID};

/* The number of this thread's slot, from 1; 0: it serves none. */
static _Thread_local uint32_t current_slot;

/* The side of the call that this thread is inside of; NULL: a thread of the plugin's own. */
static _Thread_local side *current;
static pthread_mutex_t upcalls = PTHREAD_MUTEX_INITIALIZER;

static sluice_bytes text(const char *literal) { return (sluice_bytes){(const uint8_t *)literal, strlen(literal)}; }
static side side_of(uint32_t number) { return (side){&shared->slots[number], TURN_CHILD, TURN_HOST, NULL}; }

/* ---- what the plugin asks of the host ---- */

/* Asks, and has the answer in `answer`. A host that does not answer has ended, and so this process has. */
static void ask(wire_writer *question, wire_writer *answer) {
  side unasked = side_of(UPCALLS), *way = current ? current : &unasked;
  if (!current) pthread_mutex_lock(&upcalls);
  uint32_t kind;
  if (question->broken || channel_send(way, PACKET_UPCALL, question, 0) ||
      channel_receive(way, &kind, answer, 0))
    _exit(3);
  if (!current) pthread_mutex_unlock(&upcalls);
  free(question->bytes);
}

static void log_write(const sluice_host *host, uint32_t level, sluice_bytes template_text, sluice_array fields) {
  (void)host;
  wire_writer w = {0}, answer = {0};
  uint64_t count = fields.count > 16 ? 16 : fields.count;
  put32(&w, UP_LOG), put32(&w, level), put_bytes(&w, template_text), put64(&w, count);
  for (uint64_t i = 0; i < count; i++) {
    const sluice_log_field *field = element(fields, i);
    put32(&w, field->disclosure), put_bytes(&w, field->name), put32(&w, field->text.data != NULL);
    put_bytes(&w, field->text), put64(&w, (uint64_t)field->number);
  }
  ask(&w, &answer), free(answer.bytes);
}

static sluice_status fingerprint(const sluice_host *host, sluice_bytes domain, sluice_bytes value, uint8_t *out) {
  (void)host;
  wire_writer w = {0}, answer = {0};
  put32(&w, UP_FINGERPRINT), put_bytes(&w, domain), put_bytes(&w, value);
  ask(&w, &answer);
  wire_reader r = {answer.bytes, answer.length, 0, 0};
  sluice_status status = (sluice_status)take32(&r);
  sluice_bytes made = take_bytes(&r);
  if (status == SLUICE_OK && made.length == 16) memcpy(out, made.data, 16);
  free(answer.bytes);
  return status;
}

static sluice_status find_key(const sluice_host *host, const uint8_t *digest, uint32_t *state,
                              const sluice_key_receiver *receiver) {
  (void)host;
  wire_writer w = {0}, answer = {0};
  put32(&w, UP_KEY), put_bytes(&w, (sluice_bytes){digest, 32});
  ask(&w, &answer);
  wire_reader r = {answer.bytes, answer.length, 0, 0};
  sluice_status status = (sluice_status)take32(&r);
  *state = take32(&r);
  sluice_principal principal;
  if (take_principal(&r, &principal) && receiver) receiver->principal(receiver->context, &principal);
  free((void *)principal.groups.first), free(answer.bytes);
  return status;
}

static sluice_status complete(wire_writer *w) {
  wire_writer answer = {0};
  ask(w, &answer);
  wire_reader r = {answer.bytes, answer.length, 0, 0};
  sluice_status status = (sluice_status)take32(&r);
  free(answer.bytes);
  return status;
}
static sluice_status authenticated(const sluice_host *host, uint64_t token, const sluice_authentication *given) {
  (void)host;
  sluice_authentication a = {0};
  if (!given || given->size < 8) return SLUICE_ERROR_DENIED;
  memcpy(&a, given, given->size < sizeof a ? given->size : sizeof a);
  wire_writer w = {0};
  put32(&w, UP_AUTHENTICATED), put64(&w, token), put_authentication(&w, &a);
  return complete(&w);
}
static sluice_status decided(const sluice_host *host, uint64_t token, const sluice_gate_decision *given) {
  (void)host;
  sluice_gate_decision d = {0};
  if (!given || given->size < 8) return SLUICE_ERROR_DENIED;
  memcpy(&d, given, given->size < sizeof d ? given->size : sizeof d);
  wire_writer w = {0};
  put32(&w, UP_DECIDED), put64(&w, token), put_decision(&w, &d);
  return complete(&w);
}

static const sluice_host_completion completion_table = {sizeof completion_table, 0, authenticated, decided};
static const sluice_host_log log_table = {sizeof log_table, 0, log_write};
static const sluice_host_fingerprint fingerprint_table = {sizeof fingerprint_table, 0, fingerprint};
static const sluice_host_keys keys_table = {sizeof keys_table, 0, find_key};

static int is_id(sluice_bytes id, const char *name) {
  return id.length == strlen(name) && memcmp(id.data, name, id.length) == 0;
}
static const void *host_extension(const sluice_host *host, sluice_bytes id) {
  (void)host;
  if (is_id(id, SLUICE_HOST_LOG_ID)) return &log_table;
  if (is_id(id, SLUICE_HOST_FINGERPRINT_ID)) return &fingerprint_table;
  if (is_id(id, SLUICE_HOST_KEYS_ID)) return &keys_table;
  if (is_id(id, SLUICE_HOST_COMPLETION_ID)) return &completion_table;
  return NULL;
}
static sluice_host host = {sizeof host, SLUICE_ABI_MAJOR, SLUICE_ABI_MINOR, 0, {0}, host_extension};

/* ---- what a call works with ---- */

/* An instance ends with the last of its sessions: the host's calls may overtake each other. */
typedef struct child_instance {
  void *instance;
  uint32_t kind;
  _Atomic uint32_t users;
} child_instance;

typedef struct child_session {
  void *session;
  child_instance *owner;
  int is_reader; /* of a sink */
} child_session;

typedef struct acknowledging {
  sluice_acknowledger table;
  uint64_t receiver;
} acknowledging;

static const sluice_filter *filter_of(uint32_t kind) {
  /* Every stage's table begins alike: size, reserved, filter. */
  const sluice_detect *table = kind < KINDS ? tables[kind] : NULL;
  return table ? table->filter : NULL;
}

static void release(child_instance *instance) {
  if (atomic_fetch_sub(&instance->users, 1) != 1) return;
  const sluice_filter *filter = filter_of(instance->kind);
  filter->destroy(filter, instance->instance);
  free(instance);
}

static void close_session(child_session *session) {
  switch (session->owner->kind) {
  case KIND_DETECT: ((const sluice_detect *)tables[KIND_DETECT])->close(session->session); break;
  case KIND_MASK: ((const sluice_mask *)tables[KIND_MASK])->close(session->session); break;
  case KIND_SINK: session->is_reader ? reading->close(session->session) : FUNCTION(sink, close)(session->session); break;
  }
  release(session->owner), free(session);
}

static child_session *new_session(child_instance *owner, void *session) {
  child_session *made = calloc(1, sizeof *made);
  if (!made) _exit(4);
  made->session = session, made->owner = owner;
  atomic_fetch_add(&owner->users, 1);
  return made;
}

/* The detail of an error, and what emitters collect. */
typedef struct call {
  wire_writer *answer; /* status first, then what was emitted */
  uint64_t emitted;
  int breach;
  sluice_error error;
  uint8_t message[512], pointer[256];
} call;

static void begin(call *c, wire_writer *answer) {
  memset(c, 0, sizeof *c);
  c->answer = answer;
  c->error = (sluice_error){sizeof c->error, 0, c->message, sizeof c->message, 0, c->pointer, sizeof c->pointer, 0};
  put32(answer, 0), put64(answer, 0); /* status and number of emitted values: set at the end */
}

static void end(call *c, sluice_status status) {
  wire_writer *w = c->answer;
  if (c->breach) {
    static const char why[] = "The filter emitted a value without a size.";
    memcpy(c->message, why, sizeof why - 1), c->error.message_length = sizeof why - 1;
    status = SLUICE_ERROR_DENIED;
  }
  if (w->length >= 12) memcpy(w->bytes, &status, 4), memcpy(w->bytes + 4, &c->emitted, 8);
  uint64_t message = c->error.message_length, pointer = c->error.pointer_length;
  if (message > sizeof c->message) message = sizeof c->message;
  if (pointer > sizeof c->pointer) pointer = sizeof c->pointer;
  put32(w, c->error.flags);
  put_bytes(w, (sluice_bytes){c->message, message}), put_bytes(w, (sluice_bytes){c->pointer, pointer});
}

/* The call that this thread is inside of: an emitter is of use there alone. */
static _Thread_local call *active;

/* What is emitted, in this build's form: a struct of an older header is shorter, one of a newer one longer. */
#define EMITTED(type, name)                                                                                       \
  call *c = context;                                                                                              \
  if (!c || c != active || c->breach) return SLUICE_ERROR_DENIED;                                                 \
  if (!given || given->size < 8 || given->size > 65536) return c->breach = 1, SLUICE_ERROR_DENIED;                \
  type form = {0}, *name = &form;                                                                                 \
  memcpy(&form, given, given->size < sizeof form ? given->size : sizeof form);

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

/* ---- the calls ---- */

static sluice_status do_validate(wire_reader *r, call *c) {
  const sluice_filter *filter = filter_of(take32(r));
  if (!filter || !filter->validate) return SLUICE_OK;
  return filter->validate(filter, take_bytes(r), &c->error);
}

static sluice_status do_create(wire_reader *r, call *c) {
  uint32_t kind = take32(r);
  const sluice_filter *filter = filter_of(kind);
  if (!filter) return SLUICE_ERROR_UNSUPPORTED;
  void *made = NULL;
  sluice_status status = filter->create(filter, &host, take_bytes(r), &made, &c->error);
  uint64_t fact = 0;
  child_instance *instance = NULL;
  if (status == SLUICE_OK) {
    switch (kind) {
    case KIND_DETECT: fact = ((const sluice_detect *)tables[kind])->maximum_hold(made); break;
    case KIND_GUARD: if (((const sluice_guard *)tables[kind])->wants) fact = ((const sluice_guard *)tables[kind])->wants(made); break;
    case KIND_SCORE: if (((const sluice_score *)tables[kind])->wants) fact = ((const sluice_score *)tables[kind])->wants(made); break;
    case KIND_SINK: fact = ((const sluice_sink *)tables[kind])->promises(made); break;
    }
    if (!(instance = calloc(1, sizeof *instance))) _exit(4);
    instance->instance = made, instance->kind = kind, instance->users = 1;
  }
  put64(c->answer, (uint64_t)(uintptr_t)instance), put64(c->answer, fact);
  return status;
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
  return *status == SLUICE_OK ? new_session(instance, made) : NULL;
}

static sluice_status do_feed(wire_reader *r, call *c) {
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

static sluice_status do_edit(wire_reader *r, call *c) {
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
static sluice_status do_review(wire_reader *r, call *c, uint32_t kind) {
  const sluice_guard *guard = tables[KIND_GUARD];
  const sluice_score *score = tables[KIND_SCORE];
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

static sluice_status do_authenticate(wire_reader *r, call *c) {
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
  sluice_status status = ((const sluice_authenticate *)tables[KIND_AUTHENTICATE])
                             ->authenticate(instance->instance, &head, &emitter, &c->error);
  free(headers);
  return status;
}

static sluice_status do_gate(wire_reader *r, call *c) {
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
      ((const sluice_gate *)tables[KIND_GATE])->decide(instance->instance, &request, &emitter, &c->error);
  free(reasons), free((void *)request.kinds.first), free_exchange(&exchange, &principal);
  return status;
}

static sluice_status acknowledge(void *context, uint64_t sequence, uint32_t level) {
  wire_writer w = {0}, answer = {0};
  put32(&w, UP_ACKNOWLEDGE), put64(&w, ((acknowledging *)context)->receiver), put64(&w, sequence), put32(&w, level);
  ask(&w, &answer);
  wire_reader r = {answer.bytes, answer.length, 0, 0};
  sluice_status status = (sluice_status)take32(&r);
  free(answer.bytes);
  return status;
}

static sluice_status do_cancel(wire_reader *r) {
  child_instance *instance = (child_instance *)(uintptr_t)take64(r);
  uint64_t token = take64(r);
  if (instance->kind == KIND_AUTHENTICATE) FUNCTION(authenticate, cancel)(instance->instance, token);
  if (instance->kind == KIND_GATE) FUNCTION(gate, cancel)(instance->instance, token);
  return SLUICE_OK;
}

static sluice_status hand_text(void *context, uint32_t what, sluice_bytes given) {
  call *c = context;
  if (!c || c != active) return SLUICE_ERROR_DENIED;
  c->emitted++, put32(c->answer, what), put_bytes(c->answer, given);
  return c->answer->broken ? SLUICE_ERROR_LIMIT : SLUICE_OK;
}
static sluice_status hand_configuration(void *c, sluice_bytes json) { return hand_text(c, HELD_CONFIGURATION, json); }
static sluice_status hand_log(void *c, sluice_bytes log) { return hand_text(c, HELD_LOG, log); }
static sluice_status hand_checkpoint(void *c, sluice_bytes note) { return hand_text(c, HELD_CHECKPOINT, note); }
static sluice_status hand_record(void *context, const sluice_held_record *given) {
  EMITTED(sluice_held_record, record)
  c->emitted++, put32(c->answer, HELD_RECORD), put32(c->answer, record->flags), put64(c->answer, record->sequence);
  put_bytes(c->answer, record->json), put_bytes(c->answer, record->leaf);
  return c->answer->broken ? SLUICE_ERROR_LIMIT : SLUICE_OK;
}
static sluice_status hand_session(void *context, const sluice_held_session *given) {
  EMITTED(sluice_held_session, held)
  c->emitted++, put32(c->answer, HELD_SESSION), put_held_session(c->answer, held);
  return c->answer->broken ? SLUICE_ERROR_LIMIT : SLUICE_OK;
}

static sluice_status do_read(uint32_t op, wire_reader *r, call *c) {
  sluice_read_receiver receiver = {sizeof receiver, 0, c, hand_configuration, hand_log, hand_record, hand_checkpoint, hand_session};
  uint64_t next = SLUICE_READ_END;
  if (!reading) return SLUICE_ERROR_UNSUPPORTED;
  sluice_status status;
  if (op == OP_READ_CONFIGURE) {
    status = reading->configure(reading->filter, take_bytes(r), &receiver, &c->error);
    put64(c->answer, next);
    return status;
  }
  uint64_t handle = take64(r);
  child_instance *instance = (child_instance *)(uintptr_t)handle;
  if (op == OP_READ_OPEN) {
    void *made = NULL;
    child_session *session = NULL;
    status = reading->open(instance->instance, take_bytes(r), &made, &c->error);
    if (status == SLUICE_OK) session = new_session(instance, made), session->is_reader = 1;
    put64(c->answer, (uint64_t)(uintptr_t)session);
    return status;
  }
  if (op == OP_READ_LOGS) {
    status = reading->logs(instance->instance, &receiver, &c->error);
  } else {
    void *reader = ((child_session *)(uintptr_t)handle)->session;
    sluice_read_query query = take_query(r);
    status = op == OP_READ_RECORDS       ? reading->records(reader, &query, &receiver, &next, &c->error)
             : op == OP_READ_CHECKPOINTS ? reading->checkpoints(reader, &query, &receiver, &next, &c->error)
                                         : reading->sessions(reader, &query, &receiver, &next, &c->error);
  }
  put64(c->answer, next);
  return status;
}

static sluice_status do_sink(uint32_t op, wire_reader *r, call *c) {
  const sluice_sink *sink = tables[KIND_SINK];
  uint64_t handle = take64(r), next = 0;
  child_session *session = (child_session *)(uintptr_t)handle;
  sluice_status status = SLUICE_ERROR_UNSUPPORTED;
  if (op == OP_SINK_OPEN) {
    child_instance *instance = (child_instance *)(uintptr_t)handle;
    acknowledging *way = calloc(1, sizeof *way); /* kept: a sink's thread may be late */
    if (!way) _exit(4);
    way->table = (sluice_acknowledger){sizeof way->table, 0, way, acknowledge};
    way->receiver = take64(r);
    void *made = NULL;
    status = sink->open(instance->instance, take_bytes(r), &way->table, &made, &c->error);
    put64(c->answer, status == SLUICE_OK ? (uint64_t)(uintptr_t)new_session(instance, made) : 0);
  } else if (op == OP_RECOVER) {
    status = sink->recover(session->session, &next, &c->error);
    put64(c->answer, next);
  } else if (op == OP_FLUSH) {
    status = sink->flush(session->session, &c->error);
  } else if (op == OP_PROBE) {
    status = sink->probe(((child_instance *)(uintptr_t)handle)->instance, &c->error);
  } else if (op == OP_CHECKPOINT) {
    status = sink->checkpoint(session->session, take_bytes(r), &c->error);
  } else if (op == OP_RECOVER_CHECKPOINT) {
    status = sink->recover_checkpoint(session->session, &next, &c->error);
    put64(c->answer, next);
  } else if (op == OP_APPEND) {
    uint64_t count;
    sluice_record *records = take_array(r, 16, sizeof *records, &count);
    for (uint64_t i = 0; i < count; i++)
      records[i].size = sizeof *records, records[i].sequence = take64(r), records[i].json = take_bytes(r);
    sluice_append_result result = {.size = sizeof result};
    status = sink->append(session->session, (sluice_array){records, count, sizeof *records}, &result, &c->error);
    put64(c->answer, result.accepted), put64(c->answer, result.retry_after);
    free(records);
  }
  return status;
}

static void serve(wire_reader *r, wire_writer *answer) {
  /* Sessions that the host has closed since it last called. */
  for (uint64_t closed = take64(r); closed > 0 && !r->broken; closed--)
    close_session((child_session *)(uintptr_t)take64(r));
  uint32_t op = take32(r);
  call c;
  begin(&c, answer);
  active = &c;
  sluice_status status = SLUICE_ERROR_UNSUPPORTED;
  switch (op) {
  case OP_VALIDATE: status = do_validate(r, &c); break;
  case OP_CREATE: status = do_create(r, &c); break;
  case OP_DESTROY: release((child_instance *)(uintptr_t)take64(r)), status = SLUICE_OK; break;
  case OP_CLOSE: status = SLUICE_OK; break;
  case OP_FEED: status = do_feed(r, &c); break;
  case OP_EDIT: status = do_edit(r, &c); break;
  case OP_GUARD: status = do_review(r, &c, KIND_GUARD); break;
  case OP_SCORE: status = do_review(r, &c, KIND_SCORE); break;
  case OP_AUTHENTICATE: status = do_authenticate(r, &c); break;
  case OP_GATE: status = do_gate(r, &c); break;
  case OP_CANCEL: status = do_cancel(r); break;
  case OP_READ_CONFIGURE: case OP_READ_LOGS: case OP_READ_OPEN: case OP_READ_RECORDS: case OP_READ_CHECKPOINTS:
  case OP_READ_SESSIONS: status = do_read(op, r, &c); break;
  default: status = do_sink(op, r, &c);
  }
  active = NULL;
  if (r->broken) _exit(5);
  end(&c, status);
}

static void *serve_slot(void *number) {
  side way = side_of((uint32_t)(uintptr_t)number);
  wire_writer question = {0}, answer = {0};
  uint32_t kind;
  current = &way, current_slot = (uint32_t)(uintptr_t)number + 1;
  /* A stack that has overflown has no room for the handler. */
  stack_t own = {.ss_sp = malloc(16384), .ss_size = 16384};
  if (!own.ss_sp || sigaltstack(&own, NULL)) _exit(4);
  while (channel_receive(&way, &kind, &question, 0) == CHANNEL_OK) {
    wire_reader r = {question.bytes, question.length, 0, 0};
    answer.length = 0, answer.broken = 0;
    serve(&r, &answer);
    if (answer.broken) _exit(6);
    if (channel_send(&way, PACKET_FRAME, &answer, 0)) break;
    /* What one large text needed is not kept. */
    if (question.capacity > 4 << 20) free(question.bytes), memset(&question, 0, sizeof question);
    if (answer.capacity > 4 << 20) free(answer.bytes), memset(&answer, 0, sizeof answer);
  }
  _exit(3);
}

/* ---- the end ---- */

/* Says whose call it was, so that the host can let the others begin again elsewhere. The crash then ends the process. */
static void confess(int number) {
  if (active) atomic_store(&shared->culprit, current_slot);
  signal(number, SIG_DFL);
  raise(number);
}

/* A runtime's own handlers of crashes are for its own programs: here a crash ends the process, at once. */
static void handle_crashes(void) {
  const int crashes[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP, SIGSYS};
  struct sigaction action = {.sa_handler = confess, .sa_flags = SA_ONSTACK | SA_NODEFER | SA_RESETHAND};
  for (size_t i = 0; i < sizeof crashes / sizeof *crashes; i++) sigaction(crashes[i], &action, NULL);
  signal(SIGQUIT, SIG_DFL);
}

/* ---- the beginning ---- */

static void put_literal(wire_writer *w, const char *problem) { put_bytes(w, text(problem)); }

static const char *load(sluice_bytes version) {
  host.version = version;
  void *library = dlopen("/proc/self/fd/4", RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (!library) return dlerror();
  sluice_plugin_entry entry = (sluice_plugin_entry)(uintptr_t)dlsym(library, "sluice_plugin_v1");
  if (!entry) return "it is no plugin: it does not export 'sluice_plugin_v1'. Build it with this release's header";
  plugin = entry(&host);
  if (!plugin) return "it refuses to work with this host. Get a build for this major version";
  if (plugin->size < offsetof(sluice_plugin, abi_minor) + sizeof plugin->abi_minor) return "it hands out a table without a size";
  /* Another major version may have another table: nothing else of it is read. */
  if (plugin->abi_major != SLUICE_ABI_MAJOR) {
    static char problem[160];
    snprintf(problem, sizeof problem, "it was built for ABI %u.%u, and this host has ABI %u.%u. Get a build for this major version",
             (unsigned)plugin->abi_major, (unsigned)plugin->abi_minor, (unsigned)SLUICE_ABI_MAJOR, (unsigned)SLUICE_ABI_MINOR);
    return problem;
  }
  if (plugin->size < sizeof *plugin || !plugin->get_extension) return "it hands out a table that lacks something";
  return NULL;
}

/* Which of the functions that it may lack a kind's table has. */
static uint32_t has_functions(uint32_t kind) {
  const sluice_sink *sink = tables[KIND_SINK];
  if (kind == KIND_AUTHENTICATE) return HAS((const sluice_authenticate *)tables[kind], sluice_authenticate, cancel) ? HAS_CANCEL : 0;
  if (kind == KIND_GATE) return HAS((const sluice_gate *)tables[kind], sluice_gate, cancel) ? HAS_CANCEL : 0;
  if (kind != KIND_SINK) return 0;
  uint32_t has = HAS(sink, sluice_sink, probe) ? HAS_PROBE : 0;
  if (HAS(sink, sluice_sink, checkpoint)) has |= HAS_CHECKPOINT;
  if (HAS(sink, sluice_sink, recover_checkpoint)) has |= HAS_RECOVER_CHECKPOINT;
  reading = plugin->get_extension(plugin, text(SLUICE_SINK_READ_ID));
  if (reading && !(HAS(reading, sluice_sink_read, close) && reading->filter && reading->configure && reading->logs &&
                   reading->open && reading->records))
    reading = NULL;
  if (!reading) return has;
  return has | HAS_READ | (reading->checkpoints ? HAS_READ_CHECKPOINTS : 0) | (reading->sessions ? HAS_READ_SESSIONS : 0);
}

static void describe(wire_writer *w) {
  put32(w, plugin->abi_major), put32(w, plugin->abi_minor);
  put_bytes(w, plugin->id), put_bytes(w, plugin->version);
  for (uint32_t kind = 0; kind < KINDS; kind++) {
    tables[kind] = plugin->get_extension(plugin, text(ids[kind]));
    const sluice_filter *filter = filter_of(kind);
    if (!filter || !filter->create || !filter->destroy) tables[kind] = filter = NULL;
    put32(w, filter != NULL);
    if (!filter) continue;
    put32(w, filter->flags), put_bytes(w, filter->name), put_bytes(w, filter->summary);
    put_bytes(w, filter->schema), put32(w, filter->validate != NULL), put32(w, has_functions(kind));
  }
}

int32_t sluice_plugin_host_main(int32_t parent) {
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != parent || prctl(PR_SET_DUMPABLE, 0)) return 2;
  handle_crashes();
  shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED, REGION_DESCRIPTOR, 0);
  if (shared == MAP_FAILED) return 2;
  close(REGION_DESCRIPTOR);
  side first = side_of(0);
  wire_writer question = {0}, answer = {0};
  uint32_t kind;
  if (channel_receive(&first, &kind, &question, 0)) return 3;
  wire_reader r = {question.bytes, question.length, 0, 0};
  sluice_bytes version = take_bytes(&r), read = take_bytes(&r), write = take_bytes(&r), ports = take_bytes(&r);
  uint64_t memory = take64(&r);
  const char *problem = r.broken ? "the host's greeting can't be read"
                                 : sandbox_enter((const char *)read.data, (const char *)write.data,
                                                 (const char *)ports.data, memory);
  current = &first; /* what is logged while loading */
  if (!problem) problem = load(version);
  if (!problem) problem = sandbox_close(*read.data || *write.data, *ports.data != 0);
  wire_writer described = {0};
  if (!problem) describe(&described);
  put32(&answer, problem == NULL);
  problem ? put_literal(&answer, problem) : put_raw(&answer, described.bytes, described.length);
  pthread_attr_t attributes;
  pthread_attr_init(&attributes), pthread_attr_setstacksize(&attributes, 4 << 20);
  for (uintptr_t number = 1; !problem && number < SLOTS; number++) {
    pthread_t thread;
    if (pthread_create(&thread, &attributes, serve_slot, (void *)number)) return 4;
  }
  if (channel_send(&first, PACKET_FRAME, &answer, 0) || problem) return 1;
  free(answer.bytes), free(described.bytes); /* the greeting stays: the plugin may keep the version */
  serve_slot((void *)0);
  return 3;
}
