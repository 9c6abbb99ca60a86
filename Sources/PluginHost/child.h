/* child.h: what the files of the child share. The host is trusted here, the plugin is not.
 *
 *     child.c       the process: greeting, loading, threads that serve      child_decide.c  authenticate, gate, notify
 *     child_host.c  what the plugin asks of the host                        child_sink.c    sinks, and reading them
 *     child_text.c  detect, mask, guard, score */
#ifndef SLUICE_CHILD_H
#define SLUICE_CHILD_H

#include "PluginHost.h"
#include "channel.h"
#include <stddef.h>
#include <unistd.h>

extern region *child_region;
extern const sluice_plugin *child_plugin;
extern const void *child_tables[KINDS];
extern const sluice_sink_read *child_reading; /* NULL: the plugin has none */
extern sluice_host child_host;               /* as the plugin sees it */
/* The side of the call that this thread is inside of; NULL: a thread of the plugin's own. */
extern _Thread_local side *child_side;

/* Whether a table is of a header that had a function, and has it. */
#define HAS(table, type, function) \
  ((table)->size >= offsetof(type, function) + sizeof(table)->function && (table)->function != NULL)
#define FUNCTION(name, function) ((const sluice_##name *)child_tables[kind_##name])->function
enum {
  kind_detect = KIND_DETECT, kind_mask = KIND_MASK, kind_sink = KIND_SINK, kind_gate = KIND_GATE,
  kind_authenticate = KIND_AUTHENTICATE, kind_notify = KIND_NOTIFY
};

static inline sluice_bytes text(const char *literal) { return (sluice_bytes){(const uint8_t *)literal, strlen(literal)}; }
static inline side side_of(uint32_t number) { return (side){&child_region->slots[number], TURN_CHILD, TURN_HOST, NULL}; }

/* Asks the host, and has its answer in `answer`. Frees the question. */
void child_ask(wire_writer *question, wire_writer *answer);

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

const sluice_filter *child_filter(uint32_t kind);
child_session *child_session_new(child_instance *owner, void *session);

/* The detail of an error, and what emitters collect. */
typedef struct call {
  wire_writer *answer; /* status first, then what was emitted */
  uint64_t emitted;
  int breach;
  sluice_error error;
  uint8_t message[512], pointer[256];
} call;

/* The call that this thread is inside of: an emitter is of use there alone. */
extern _Thread_local call *child_call;

/* What is emitted, in this build's form: a struct of an older header is shorter, one of a newer one longer. */
#define EMITTED(type, name)                                                                                       \
  call *c = context;                                                                                              \
  if (!c || c != child_call || c->breach) return SLUICE_ERROR_DENIED;                                             \
  if (!given || given->size < 8 || given->size > 65536) return c->breach = 1, SLUICE_ERROR_DENIED;                \
  type form = {0}, *name = &form;                                                                                 \
  memcpy(&form, given, given->size < sizeof form ? given->size : sizeof form);

/* The calls: each reads its frame, and writes what it answers behind what was emitted. */
sluice_status child_feed(wire_reader *r, call *c);
sluice_status child_edit(wire_reader *r, call *c);
sluice_status child_review(wire_reader *r, call *c, uint32_t kind);
sluice_status child_authenticate(wire_reader *r, call *c);
sluice_status child_gate(wire_reader *r, call *c);
sluice_status child_cancel(wire_reader *r);
sluice_status child_notify(uint32_t op, wire_reader *r, call *c);
sluice_status child_sink(uint32_t op, wire_reader *r, call *c);
sluice_status child_read(uint32_t op, wire_reader *r, call *c);

#endif
