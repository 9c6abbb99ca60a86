/* emitters.c: what filters answer, checked against the header, and noted. */
#define _GNU_SOURCE
#include "probe.h"

#include <pthread.h>
#include <stdio.h>

sluice_error *fresh_error(void) {
  static __thread sluice_error error;
  static __thread uint8_t message[512], pointer[256];
  memset(message, 0, sizeof message);
  memset(pointer, 0, sizeof pointer);
  error = (sluice_error){.size = sizeof error, .message = message, .message_capacity = sizeof message,
                         .pointer = pointer, .pointer_capacity = sizeof pointer};
  return &error;
}

static int is_known(sluice_status status) { return status >= SLUICE_ERROR_DENIED && status <= SLUICE_PENDING; }

void note_status(session *s, sluice_status status, const sluice_error *error, const char *call) {
  if (error != NULL && (error->message_length > error->message_capacity ||
                        error->pointer_length > error->pointer_capacity || (error->flags & ~SLUICE_ERROR_PROTECTED))) {
    probe_fail("errors", "%s says that its error is longer than the buffer it was given, or sets unknown flags", call);
  }
  if (!is_known(status)) probe_fail("errors", "%s answers %d, a status that base.h does not have", call, status);
  if (status == SLUICE_OK) return;
  s->status = status;
  buffer_text(&s->outcome, "%s=%d;", call, status);
  if (error == NULL || error->flags & SLUICE_ERROR_PROTECTED) return;
  if (error->message_length <= error->message_capacity) {
    overheard("an error's message", (sluice_bytes){error->message, error->message_length});
  }
}

void begin_call(session *s) {
  s->emitted = 0;
  s->thread = (uint64_t)pthread_self();
  __atomic_store_n(&s->is_live, 1, __ATOMIC_SEQ_CST);
}

void end_call(session *s) { __atomic_store_n(&s->is_live, 0, __ATOMIC_SEQ_CST); }

/* Whether this emission may be looked at; if not, *status is what to answer. */
static int enters(session *s, const void *value, uint32_t size, size_t wanted, sluice_status *status) {
  *status = SLUICE_ERROR_DENIED;
  if (!__atomic_load_n(&s->is_live, __ATOMIC_SEQ_CST)) {
    probe_fail("emitter", "an emitter was used after the call that received it had returned");
    return 0;
  }
  if (s->thread != (uint64_t)pthread_self()) {
    probe_fail("emitter", "an emitter was used on another thread than the call's");
    return 0;
  }
  if (value == NULL || size < wanted) {
    probe_fail("emitter", "something was emitted that is NULL, or whose size is %u, not %zu", size, wanted);
    return 0;
  }
  s->emitted++;
  s->emissions++;
  if (s->plan.denies_after >= 0 && s->emissions > s->plan.denies_after) return 0;
  *status = SLUICE_OK;
  return 1;
}

/* A name: from `first` on only certain bytes. */
static int is_name(sluice_bytes name, size_t longest, int is_kind) {
  if (name.data == NULL || name.length == 0 || name.length > longest) return 0;
  for (uint64_t i = 0; i < name.length; i++) {
    uint8_t b = name.data[i];
    int is_digit = b >= '0' && b <= '9';
    int fits = is_kind ? (b >= 'A' && b <= 'Z') || is_digit || b == '_'
                       : (b >= 'a' && b <= 'z') || is_digit || b == '-' || b == '_' || b == '/' || b == '.';
    if (!fits || (i == 0 && (is_digit || b == '_' || b == '-' || b == '/' || b == '.'))) return 0;
  }
  return 1;
}

/* A line of the outcome that is sorted later: detectors and masks may emit in any order. */
static void add_line(session *s, uint64_t start, uint64_t end, const void *data, size_t length) {
  if ((s->line_count & (s->line_count - 1)) == 0) {
    s->lines = realloc(s->lines, (s->line_count * 2 + 1) * sizeof *s->lines);
    if (s->lines == NULL) abort();
  }
  s->lines[s->line_count++] = (struct line){start, end, s->names.length, length};
  buffer_add(&s->names, data, length);
}

static sluice_status take_finding(void *context, const sluice_finding *f) {
  session *s = context;
  sluice_status status;
  if (!enters(s, f, f != NULL ? f->size : 0, sizeof *f, &status)) return status;
  uint64_t fed = s->base; /* session.c moves it on before the call */
  if (f->start >= f->end || f->end > fed) {
    s->is_breached = 1;
    probe_fail("findings", "a finding [%llu, %llu) is empty, or outside the %llu bytes fed so far",
               (unsigned long long)f->start, (unsigned long long)f->end, (unsigned long long)fed);
    return SLUICE_ERROR_DENIED;
  }
  if (f->start < s->safe) {
    s->is_breached = 1;
    probe_fail("safe-through", "a finding begins at %llu, below the safe_through of %llu that was answered before",
               (unsigned long long)f->start, (unsigned long long)s->safe);
    return SLUICE_ERROR_DENIED;
  }
  if (f->confidence > 10000) probe_fail("findings", "a confidence of %u is above 10000", f->confidence);
  if (!is_name(f->kind, 32, 1)) probe_fail("findings", "a kind is no name of upper-case ASCII, digits and _, at most 32");
  if (!is_name(f->detector, 64, 0)) {
    probe_fail("findings", "a detector is no name of lower-case ASCII, digits and -_/., at most 64");
  }
  overheard("a finding's kind", f->kind);
  overheard("a finding's detector", f->detector);
  char line[256];
  int length = snprintf(line, sizeof line, "%llu-%llu %.*s %u %.*s;", (unsigned long long)f->start,
                        (unsigned long long)f->end, (int)(f->kind.length < 32 ? f->kind.length : 32), f->kind.data,
                        f->confidence, (int)(f->detector.length < 64 ? f->detector.length : 64), f->detector.data);
  add_line(s, f->start, f->end, line, (size_t)length < sizeof line ? (size_t)length : sizeof line - 1);
  return SLUICE_OK;
}

static sluice_status take_edit(void *context, const sluice_edit *e) {
  session *s = context;
  sluice_status status;
  if (!enters(s, e, e != NULL ? e->size : 0, sizeof *e, &status)) return status;
  /* session.c keeps the part's borders in `safe` and `base`. */
  if (e->start > e->end || e->start < s->safe || e->end > s->base) {
    s->is_breached = 1;
    probe_fail("edits", "an edit [%llu, %llu) lies outside the text [%llu, %llu) that was given",
               (unsigned long long)e->start, (unsigned long long)e->end, (unsigned long long)s->safe,
               (unsigned long long)s->base);
    return SLUICE_ERROR_DENIED;
  }
  if (e->finding != SLUICE_EDIT_NO_FINDING && e->finding >= s->offered) {
    probe_fail("edits", "an edit answers finding %u, and there are fewer", e->finding);
  }
  if (!is_name(e->operation, 32, 0)) probe_fail("edits", "an operation is no name of lower-case ASCII and -, at most 32");
  if (e->fingerprint.length != 0 && e->fingerprint.length != 16) {
    probe_fail("edits", "a fingerprint has %llu bytes, not 16", (unsigned long long)e->fingerprint.length);
  }
  if (!is_utf8((blob){e->replacement.data, e->replacement.length})) probe_fail("edits", "a replacement is no UTF-8");
  overheard("an edit's operation", e->operation);
  add_line(s, e->start, e->end, e->replacement.data, e->replacement.data != NULL ? e->replacement.length : 0);
  return SLUICE_OK;
}

static sluice_status take_verdict(void *context, const sluice_guard_verdict *v) {
  session *s = context;
  sluice_status status;
  if (!enters(s, v, v != NULL ? v->size : 0, sizeof *v, &status)) return status;
  if (v->verdict > SLUICE_GUARD_DENY) probe_fail("verdict", "%u is no verdict of a guard", v->verdict);
  overheard("a guard's rule", v->rule);
  overheard("a guard's message", v->message);
  buffer_text(&s->outcome, "verdict %u %.*s;", v->verdict, (int)(v->rule.length < 128 ? v->rule.length : 128), v->rule.data);
  return SLUICE_OK;
}

static sluice_status take_reason(void *context, const sluice_score_reason *r) {
  session *s = context;
  sluice_status status;
  if (!enters(s, r, r != NULL ? r->size : 0, sizeof *r, &status)) return status;
  if (!is_name(r->code, 64, 0)) probe_fail("verdict", "a reason's code is no name of lower-case ASCII, at most 64");
  overheard("a score's reason", r->code);
  buffer_text(&s->outcome, "reason %.*s %d %llu;", (int)(r->code.length < 64 ? r->code.length : 64), r->code.data,
              r->points, (unsigned long long)r->count);
  return SLUICE_OK;
}

void check_decision(const sluice_gate_decision *d) {
  if (d->verdict > SLUICE_GATE_HOLD) probe_fail("verdict", "%u is no verdict of a gate", d->verdict);
  if (d->verdict == SLUICE_GATE_HOLD) {
    /* What the plugin's header did not have yet, it did not say. */
    int says_all = d->size >= sizeof *d;
    uint64_t required = says_all ? d->required.count : 0, lifetime = says_all ? d->break_glass_lifetime : 0;
    int nobody = d->approvers.count == 0 && required == 0 && !(d->flags & SLUICE_GATE_LOCAL_OPERATOR);
    if (nobody) probe_fail("verdict", "a gate holds a request that nobody may decide");
    if (d->quorum < 1 || d->quorum > 16) probe_fail("verdict", "a quorum of %u is not 1 to 16", d->quorum);
    if (required > 16 || required > d->quorum) {
      probe_fail("verdict", "%llu required groups take more people than the quorum has", (unsigned long long)required);
    }
    if (lifetime != 0) {
      int anyone = (d->flags & SLUICE_GATE_BREAK_GLASS_ANYONE) != 0;
      if (!anyone && d->break_glass.count == 0) probe_fail("verdict", "nobody may break the glass that a gate offers");
      if (lifetime < 60 || lifetime > 604800) {
        probe_fail("verdict", "a broken glass of %llu s is not 60 to 604800", (unsigned long long)lifetime);
      }
    }
    if (d->expires < 1 || d->expires > 604800) {
      probe_fail("verdict", "an expiry of %llu s is not 1 to 604800", (unsigned long long)d->expires);
    }
  }
  overheard("a gate's reason", d->reason);
}

static sluice_status take_decision(void *context, const sluice_gate_decision *d) {
  session *s = context;
  sluice_status status;
  if (!enters(s, d, d != NULL ? d->size : 0, DECISION_OF_1_0, &status)) return status;
  check_decision(d);
  buffer_text(&s->outcome, "gate %u %u %llu;", d->verdict, d->quorum, (unsigned long long)d->expires);
  return SLUICE_OK;
}

void check_authentication(const sluice_authentication *a, uint32_t highest) {
  if (a->verdict > highest) probe_fail("verdict", "%u is no verdict of authenticate", a->verdict);
  int allows = a->verdict == SLUICE_AUTHENTICATE_ALLOW;
  if (allows && (a->principal == NULL || a->principal->size < sizeof *a->principal || a->principal->subject.length == 0)) {
    probe_fail("verdict", "somebody is allowed without a principal, or without a subject");
  }
  if (!allows && a->principal != NULL) probe_fail("verdict", "nobody is allowed, and yet there is a principal");
  for (uint64_t i = 0; i < a->challenge.length; i++) {
    if (a->challenge.data[i] < 0x20 || a->challenge.data[i] > 0x7E) probe_fail("verdict", "a challenge is no header field");
  }
  overheard("the reason of an authentication", a->reason);
  overheard("the challenge of an authentication", a->challenge);
  if (allows && a->principal != NULL) overheard("the id of a credential", a->principal->credential);
}

static sluice_status take_authentication(void *context, const sluice_authentication *a) {
  session *s = context;
  sluice_status status;
  if (!enters(s, a, a != NULL ? a->size : 0, sizeof *a, &status)) return status;
  check_authentication(a, SLUICE_AUTHENTICATE_CHALLENGE);
  buffer_text(&s->outcome, "auth %u %.*s;", a->verdict, (int)(a->reason.length < 64 ? a->reason.length : 64), a->reason.data);
  return SLUICE_OK;
}

#define EMITTER(type, field, function)                                   \
  type *e = malloc(sizeof *e);                                           \
  if (e == NULL) abort();                                                \
  *e = (type){.size = sizeof *e, .context = s, .field = function};       \
  return e

const void *finding_emitter(session *s) { EMITTER(sluice_finding_emitter, emit, take_finding); }
const void *edit_emitter(session *s) { EMITTER(sluice_edit_emitter, emit, take_edit); }
const void *guard_emitter(session *s) { EMITTER(sluice_guard_emitter, emit, take_verdict); }
const void *score_emitter(session *s) { EMITTER(sluice_score_emitter, reason, take_reason); }
const void *gate_emitter(session *s) { EMITTER(sluice_gate_emitter, emit, take_decision); }
const void *authenticate_emitter(session *s) { EMITTER(sluice_authenticate_emitter, emit, take_authentication); }
