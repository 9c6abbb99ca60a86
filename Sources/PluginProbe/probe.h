/* probe.h: what the files of the probe share.
 *
 * The probe is a host as strict as the header allows: it lends exactly what it says, takes it back at once, and looks at
 * everything that comes over the border. It is C, so that it stands where any plugin's author can read it.
 *
 *   run.c       which test is run                   subject.c   loading, tables, instances
 *   host.c      the host's services                 lend.c      memory that is lent, and taken back
 *   texts.c     what filters are shown              emitters.c  what they answer, checked
 *   session.c   one exchange through one filter     rules.c     which rules all kinds share; rules_*.c, what they test
 *   sink.c      durability                          notify.c    forged requests
 *   keeping.c   what a sink keeps, read back        report.c    what is said about it
 *   lend_structs.c  an exchange, a segment, findings, as a plan wants them lent
 */
#ifndef PROBE_H
#define PROBE_H

#include "PluginProbe.h"

#include <sluice/sluice.h>

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* ---- report.c ---- */
extern const probe_task *probe_task_now;
/* A rule was broken. Said once for each rule and message. */
void probe_fail(const char *rule, const char *format, ...) __attribute__((format(printf, 2, 3)));
void probe_pass(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* The rule has nothing to say about this filter. */
void probe_skip(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Something for people that is no judgement. */
void probe_remark(const char *format, ...) __attribute__((format(printf, 1, 2)));
void probe_figure(const char *name, double value);
int probe_has_failed(void);

/* ---- texts.c ---- */
typedef struct {
  const uint8_t *data;
  size_t length;
} blob;

typedef struct {
  uint64_t start, end;
  const char *kind;
} planted;

/* A text as a filter is shown it, with what an earlier detector is said to have found. */
typedef struct {
  blob text;
  planted findings[64];
  size_t count;
  uint32_t role, flags;
  uint64_t id;
  const char *pointer, *name;
} sample;

size_t sample_count(void);
const sample *sample_at(size_t index);
/* A long text of `length` bytes made of the samples. Freed by the caller. */
uint8_t *long_text(size_t length);
void load_more_texts(const char *path);
extern const char *const probe_canaries[];
uint64_t chance(void);             /* the next number of the seed's sequence */
size_t chance_below(size_t limit); /* 0 where the limit is 0 */
int is_utf8(blob text);
int is_border(blob text, uint64_t offset);

/* ---- buffer ---- */
typedef struct {
  uint8_t *data;
  size_t length, capacity;
} buffer;
void buffer_add(buffer *b, const void *data, size_t length);
void buffer_text(buffer *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buffer_bytes(buffer *b, sluice_bytes bytes);
void buffer_free(buffer *b);
int buffer_equal(const buffer *one, const buffer *other);

/* ---- host.c ---- */
extern const sluice_host *const probe_host;
extern int probe_host_has_completion;
sluice_bytes text_of(const char *text);
/* Everything that came over the border as text that others may see: logs, messages, names. */
void overheard(const char *where, sluice_bytes text);
extern int listens_for_canaries;

typedef struct {
  uint64_t issued, completed, stale;
} completion_counts;
uint64_t issue_token(int is_gate);
void cancel_token(uint64_t token);
completion_counts completions(void);
int wait_for_token(uint64_t token, int milliseconds);

/* ---- lend.c ---- */
extern int lends_guarded; /* whether each text lies before a page that nobody may touch, and may not be written to */
sluice_bytes lend(const void *data, size_t length);
/* Takes back everything that was lent: it is overwritten, so that what a plugin kept is wrong. */
void take_back(void);

/* ---- subject.c ---- */
typedef struct {
  const sluice_plugin *plugin;
  const char *kind, *id;
  const void *table;
  const sluice_filter *filter;
  void *instance;
} subject;

void load_library(void); /* dlopen and the entry, watched */
const sluice_plugin *the_plugin(void);
const char *extension_of(const char *kind);
int find_filter(subject *s, const char *kind);
int make_instance(subject *s);
void end_instance(subject *s);
size_t open_descriptors(void);
size_t live_threads(void);

/* ---- emitters.c, session.c ---- */
typedef struct {
  const size_t *cuts; /* ascending offsets inside the text; NULL: one piece */
  size_t cut_count;
  int without_error;   /* NULL for the error */
  int denies_after;    /* the emitter denies from so many emissions on; -1: never */
  int abandons_after;  /* close after so many steps; -1: never */
  int grown;           /* structs and arrays in the form of a header to come */
  int threads;         /* each step on a thread of its own */
  int hostile_findings;
} plan;

extern const plan plain_plan;

typedef struct session {
  const subject *subject;
  const sample *sample;
  plan plan;
  void *raw;
  int is_open, is_done, steps;
  uint64_t base, safe;
  uint64_t hold;
  size_t next_cut;
  int emitted;        /* in this call */
  int emissions;      /* in the session */
  sluice_status status; /* the last one that was not OK */
  buffer outcome;     /* what came out, in a form that can be compared */
  uint64_t token;
  int is_breached;    /* a rule was broken: what came out means nothing */
  int is_live;        /* whether a call is under way */
  uint64_t thread;
  struct line { uint64_t start, end; size_t at, length; } *lines; /* findings and edits, to be sorted */
  size_t line_count;
  buffer names;
  size_t offered;     /* findings that a mask was given in this call */
  const void *emitter;
} session;

/* A session's struct and emitter are never freed: a plugin that uses them too late is to be caught, not obeyed. */
session *session_open(const subject *subject, const sample *sample, const plan *plan);
/* Another text in the same session, which `first` closes. */
session *session_join(session *first, const sample *sample, const plan *plan);
int session_step(session *s);   /* 1 while there is more */
void session_close(session *s); /* closes, and makes `outcome` final */
void session_free(session *s);  /* the outcome's memory */
session *exercise(const subject *subject, const sample *sample, const plan *plan); /* all of it */

const void *finding_emitter(session *s);
const void *edit_emitter(session *s);
const void *guard_emitter(session *s);
const void *score_emitter(session *s);
const void *gate_emitter(session *s);
const void *authenticate_emitter(session *s);
/* What a decision had in the header of 1.0: what came later a plugin of then does not say. */
#define DECISION_OF_1_0 offsetof(sluice_gate_decision, required)
void check_decision(const sluice_gate_decision *d);
void check_authentication(const sluice_authentication *a, uint32_t highest); /* its verdict at most */
void begin_call(session *s);
void end_call(session *s);
/* Notes a status, and the error with it. */
void note_status(session *s, sluice_status status, const sluice_error *error, const char *call);
sluice_error *fresh_error(void);

/* ---- sink.c, for keeping.c ---- */
enum { SINK_RECORD = 256 };
size_t sink_record(uint64_t sequence, char *json);
const char *sink_log(void);
int sink_check(const char *rule, sluice_status status, const sluice_error *error, const char *call); /* 1: OK */
int sink_open(subject *s, void **session, uint64_t *next);
uint64_t sink_held(void); /* below which sequence it holds all, as it said when it was opened */
int64_t sink_append(subject *s, void *session, uint64_t next, size_t count, int grown); /* how many were taken, or -1 */
int sink_flush(subject *s, void *session, uint64_t next);
void sink_close(subject *s, void *session);
int run_keeping_rule(const char *rule, subject *s);

/* ---- rules.c, sink.c, notify.c ---- */
int run_rule(const char *rule, subject *s);
int run_sink_rule(const char *rule, subject *s);
int run_notify_rule(const char *rule, subject *s);

/* ---- lend_structs.c: good until take_back ---- */
const sluice_exchange *lend_exchange(const session *s);
const sluice_segment *lend_segment(const session *s, const sample *sample);
sluice_array lend_findings(session *s, const sample *sample, uint64_t start, uint64_t end);
sluice_array lend_fingerprints(const session *s, const sample *sample);
const sluice_head *lend_head(const session *s);
const sluice_gate_request *lend_request(session *s);

/* ---- rules_*.c ---- */
const char *rule_excerpt(const buffer *b);                  /* its first 180 bytes; good for two calls more */
int rule_is_same(const buffer *one, const buffer *other);   /* or one of them is pending */
void rule_tables(subject *s);
void rule_schema(subject *s);
void rule_configuration(subject *s);
void rule_lifecycle(subject *s);
void rule_splits(subject *s);
void rule_repeat(subject *s);
void rule_turns(subject *s);
void rule_threads(subject *s);
void rule_memory(subject *s);
void rule_growth(subject *s);
void rule_errors(subject *s);
void rule_hostile(subject *s);
void rule_canary(subject *s);
void rule_pending(subject *s);
void rule_blocking(subject *s);
void rule_budget(subject *s);

#endif
