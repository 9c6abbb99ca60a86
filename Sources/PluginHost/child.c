/* child.c: the process that an isolated plugin runs in. The host is trusted here, the plugin is not. */
#define _GNU_SOURCE
#include "child.h"
#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>

#define REGION_DESCRIPTOR 3
#define LIBRARY_DESCRIPTOR 4

region *child_region;
const sluice_plugin *child_plugin;
const void *child_tables[KINDS];
const sluice_sink_read *child_reading;
_Thread_local side *child_side;
_Thread_local call *child_call;
/* The number of this thread's slot, from 1; 0: it serves none. */
static _Thread_local uint32_t current_slot;

/* ---- what a call works with ---- */

const sluice_filter *child_filter(uint32_t kind) {
  /* Every stage's table begins alike: size, reserved, filter. */
  const sluice_detect *table = kind < KINDS ? child_tables[kind] : NULL;
  return table ? table->filter : NULL;
}

/* Held in calls tagged [control]: never two at once, though an instance may end in another one's call. */
static pthread_mutex_t control = PTHREAD_MUTEX_INITIALIZER;

static void release(child_instance *instance) {
  if (atomic_fetch_sub(&instance->users, 1) != 1) return;
  const sluice_filter *filter = child_filter(instance->kind);
  pthread_mutex_lock(&control);
  filter->destroy(filter, instance->instance);
  pthread_mutex_unlock(&control);
  free(instance);
}

static void close_session(child_session *session) {
  switch (session->owner->kind) {
  case KIND_DETECT: ((const sluice_detect *)child_tables[KIND_DETECT])->close(session->session); break;
  case KIND_MASK: ((const sluice_mask *)child_tables[KIND_MASK])->close(session->session); break;
  case KIND_SINK: session->is_reader ? child_reading->close(session->session) : FUNCTION(sink, close)(session->session); break;
  }
  release(session->owner), free(session);
}

child_session *child_session_new(child_instance *owner, void *session) {
  child_session *made = calloc(1, sizeof *made);
  if (!made) _exit(4);
  made->session = session, made->owner = owner;
  atomic_fetch_add(&owner->users, 1);
  return made;
}

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

/* ---- the calls ---- */

static sluice_status do_validate(wire_reader *r, call *c) {
  const sluice_filter *filter = child_filter(take32(r));
  if (!filter || !filter->validate) return SLUICE_OK;
  sluice_bytes configuration = take_bytes(r);
  pthread_mutex_lock(&control);
  sluice_status status = filter->validate(filter, configuration, &c->error);
  pthread_mutex_unlock(&control);
  return status;
}

static sluice_status do_create(wire_reader *r, call *c) {
  uint32_t kind = take32(r);
  const sluice_filter *filter = child_filter(kind);
  if (!filter) return SLUICE_ERROR_UNSUPPORTED;
  void *made = NULL;
  sluice_bytes configuration = take_bytes(r);
  pthread_mutex_lock(&control);
  sluice_status status = filter->create(filter, &child_host, configuration, &made, &c->error);
  pthread_mutex_unlock(&control);
  uint64_t fact = 0;
  child_instance *instance = NULL;
  if (status == SLUICE_OK) {
    switch (kind) {
    case KIND_DETECT: fact = ((const sluice_detect *)child_tables[kind])->maximum_hold(made); break;
    case KIND_GUARD: if (((const sluice_guard *)child_tables[kind])->wants) fact = ((const sluice_guard *)child_tables[kind])->wants(made); break;
    case KIND_SCORE: if (((const sluice_score *)child_tables[kind])->wants) fact = ((const sluice_score *)child_tables[kind])->wants(made); break;
    case KIND_SINK: fact = ((const sluice_sink *)child_tables[kind])->promises(made); break;
    }
    if (!(instance = calloc(1, sizeof *instance))) _exit(4);
    instance->instance = made, instance->kind = kind, instance->users = 1;
  }
  put64(c->answer, (uint64_t)(uintptr_t)instance), put64(c->answer, fact);
  return status;
}

static void serve(wire_reader *r, wire_writer *answer) {
  /* Sessions that the host has closed since it last called. */
  for (uint64_t closed = take64(r); closed > 0 && !r->broken; closed--)
    close_session((child_session *)(uintptr_t)take64(r));
  uint32_t op = take32(r);
  call c;
  begin(&c, answer);
  child_call = &c;
  sluice_status status = SLUICE_ERROR_UNSUPPORTED;
  switch (op) {
  case OP_VALIDATE: status = do_validate(r, &c); break;
  case OP_CREATE: status = do_create(r, &c); break;
  case OP_DESTROY: release((child_instance *)(uintptr_t)take64(r)), status = SLUICE_OK; break;
  case OP_CLOSE: status = SLUICE_OK; break;
  case OP_FEED: status = child_feed(r, &c); break;
  case OP_EDIT: status = child_edit(r, &c); break;
  case OP_GUARD: status = child_review(r, &c, KIND_GUARD); break;
  case OP_SCORE: status = child_review(r, &c, KIND_SCORE); break;
  case OP_AUTHENTICATE: status = child_authenticate(r, &c); break;
  case OP_GATE: status = child_gate(r, &c); break;
  case OP_CANCEL: status = child_cancel(r); break;
  case OP_READ_CONFIGURE: case OP_READ_LOGS: case OP_READ_OPEN: case OP_READ_RECORDS: case OP_READ_CHECKPOINTS:
  case OP_READ_SESSIONS: status = child_read(op, r, &c); break;
  case OP_NOTIFY: case OP_RECEIVE: case OP_POLL: status = child_notify(op, r, &c); break;
  default: status = child_sink(op, r, &c);
  }
  child_call = NULL;
  if (r->broken) _exit(5);
  end(&c, status);
}

static void *serve_slot(void *number) {
  side way = side_of((uint32_t)(uintptr_t)number);
  wire_writer question = {0}, answer = {0};
  uint32_t kind;
  child_side = &way, current_slot = (uint32_t)(uintptr_t)number + 1;
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
  if (child_call) atomic_store(&child_region->culprit, current_slot);
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
  child_host.version = version;
  void *library = dlopen("/proc/self/fd/4", RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (!library) return dlerror();
  sluice_plugin_entry entry = (sluice_plugin_entry)(uintptr_t)dlsym(library, "sluice_plugin_v1");
  if (!entry) return "it is no plugin: it does not export 'sluice_plugin_v1'. Build it with this release's header";
  child_plugin = entry(&child_host);
  if (!child_plugin) return "it refuses to work with this host. Get a build for this major version";
  if (child_plugin->size < offsetof(sluice_plugin, abi_minor) + sizeof child_plugin->abi_minor) return "it hands out a table without a size";
  /* Another major version may have another table: nothing else of it is read. */
  if (child_plugin->abi_major != SLUICE_ABI_MAJOR) {
    static char problem[160];
    snprintf(problem, sizeof problem, "it was built for ABI %u.%u, and this host has ABI %u.%u. Get a build for this major version",
             (unsigned)child_plugin->abi_major, (unsigned)child_plugin->abi_minor, (unsigned)SLUICE_ABI_MAJOR, (unsigned)SLUICE_ABI_MINOR);
    return problem;
  }
  if (child_plugin->size < sizeof *child_plugin || !child_plugin->get_extension) return "it hands out a table that lacks something";
  return NULL;
}

/* Which of the functions that it may lack a kind's table has. */
static uint32_t has_functions(uint32_t kind) {
  const sluice_sink *sink = child_tables[KIND_SINK];
  if (kind == KIND_AUTHENTICATE) return HAS((const sluice_authenticate *)child_tables[kind], sluice_authenticate, cancel) ? HAS_CANCEL : 0;
  if (kind == KIND_GATE) return HAS((const sluice_gate *)child_tables[kind], sluice_gate, cancel) ? HAS_CANCEL : 0;
  if (kind == KIND_NOTIFY)
    return (HAS((const sluice_notify *)child_tables[kind], sluice_notify, receive) ? HAS_RECEIVE : 0) |
           (HAS((const sluice_notify *)child_tables[kind], sluice_notify, poll) ? HAS_POLL : 0);
  if (kind != KIND_SINK) return 0;
  uint32_t has = HAS(sink, sluice_sink, probe) ? HAS_PROBE : 0;
  if (HAS(sink, sluice_sink, checkpoint)) has |= HAS_CHECKPOINT;
  if (HAS(sink, sluice_sink, recover_checkpoint)) has |= HAS_RECOVER_CHECKPOINT;
  child_reading = child_plugin->get_extension(child_plugin, text(SLUICE_SINK_READ_ID));
  if (child_reading && !(HAS(child_reading, sluice_sink_read, close) && child_reading->filter && child_reading->configure && child_reading->logs &&
                   child_reading->open && child_reading->records))
    child_reading = NULL;
  if (!child_reading) return has;
  return has | HAS_READ | (child_reading->checkpoints ? HAS_READ_CHECKPOINTS : 0) | (child_reading->sessions ? HAS_READ_SESSIONS : 0);
}

static void describe(wire_writer *w) {
  put32(w, child_plugin->abi_major), put32(w, child_plugin->abi_minor);
  put_bytes(w, child_plugin->id), put_bytes(w, child_plugin->version);
  for (uint32_t kind = 0; kind < KINDS; kind++) {
    child_tables[kind] = child_plugin->get_extension(child_plugin, text(stage_ids[kind]));
    const sluice_filter *filter = child_filter(kind);
    if (!filter || !filter->create || !filter->destroy) child_tables[kind] = filter = NULL;
    put32(w, filter != NULL);
    if (!filter) continue;
    put32(w, filter->flags), put_bytes(w, filter->name), put_bytes(w, filter->summary);
    put_bytes(w, filter->schema), put32(w, filter->validate != NULL), put32(w, has_functions(kind));
  }
}

int32_t sluice_plugin_host_main(int32_t parent) {
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != parent || prctl(PR_SET_DUMPABLE, 0)) return 2;
  handle_crashes();
  child_region = mmap(NULL, sizeof *child_region, PROT_READ | PROT_WRITE, MAP_SHARED, REGION_DESCRIPTOR, 0);
  if (child_region == MAP_FAILED) return 2;
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
  child_side = &first; /* what is logged while loading */
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
