/* process.h: a plugin's child, from the host's side. */
#ifndef SLUICE_PROCESS_H
#define SLUICE_PROCESS_H

#include "PluginHost.h"
#include "channel.h"
#include <pthread.h>
#include <sys/types.h>

#define MOST_CLOSED 64

/* One life of a child. Ends when nobody holds it any more. */
typedef struct child {
  region *region;
  struct isolated *plugin;
  pid_t process;
  _Atomic int ended;
  _Atomic int users;
  _Atomic uint32_t answered; /* calls */
  _Atomic uint32_t free_slots; /* a bit each */
  _Atomic uint32_t blamed; /* as region.culprit, of a call that the host has ended it for */
  struct prepared *prepared; /* instances that were made while it stood by */
  wire_writer questions[SLOTS + 1], answers[SLOTS + 1];
  pthread_mutex_t closing;
  uint64_t closed[MOST_CLOSED]; /* sessions to close, told with the next call */
  uint32_t closed_count;
} child;

/* An instance in one life. */
typedef struct prepared {
  struct prepared *next;
  uint64_t serial, handle;
  sluice_status status;
  int is_taken;
} prepared;

/* An instance, made again in each life. */
typedef struct instance {
  uint64_t serial;
  struct isolated *plugin;
  struct instance *next;
  uint32_t kind;
  uint64_t handle; /* in the child `life` */
  child *life;     /* not held: compared alone */
  uint32_t milliseconds; /* for calls that exchanges wait for */
  uint64_t fact;   /* maximum hold, wishes or promise, as the first life told it */
  wire_writer configuration;
  sluice_status status; /* of making it in this life */
  int is_interrupted; /* the last try to make it ended with a process that another call had ended */
  int is_ended; /* the host has ended it: guarded by the plugin's lock */
  _Atomic uint32_t users; /* the host, and the supervisor while it makes it in a new life */
} instance;

typedef struct owed owed;

typedef struct isolated {
  sluice_plugin table; /* first: the pointer to it is one to the whole */
  const sluice_host *host;
  const char *executable;
  int library; /* descriptor of the sealed file */
  const void *image;
  uint64_t image_length;
  sluice_isolation_policy policy;
  wire_writer description;
  sluice_filter filters[KINDS];
  void *tables[KINDS], *reading;
  pthread_mutex_t control; /* held where instances are made, and while a new life gets its own */
  pthread_mutex_t lock; /* guards what follows */
  pthread_cond_t changed;
  child *current; /* NULL: none, and `problem` says why */
  instance *instances;
  owed *owes; /* tokens that it has not answered */
  char problem[512];
  int has_begun, has_tried, is_stopping;
  uint64_t went; /* when the last life ended */
  child *spare; /* stands by from the first life's end on, with its instances made; NULL: none */
  _Atomic uint64_t restarts;
  uint64_t logged_from; /* what may_log counts from, in nanoseconds */
  uint64_t left_out;    /* log entries, since one was let through */
  struct isolated *next;
} isolated;

child *life_hold(isolated *plugin);
void life_release(child *life);
/* Kills it: it is late, or breaks the protocol. The supervisor does the rest. */
void life_kill(child *life);

/* A child with the threads that watch it and answer it. */
typedef struct life_run {
  child *life;
  pthread_t watcher, server;
  uint64_t began;
} life_run;
/* Starts one and greets it. 0: there is none that can be used, and the plugin's `problem` says why. */
int life_begin(isolated *plugin, life_run *r);
/* Waits for its end. */
void life_end(life_run *r);

/* A call: a slot, and the frames of it. `slot` below 0: there is none. */
typedef struct call {
  child *life;
  int slot;
  side side;
  uint64_t deadline;
  wire_writer *question;
  wire_reader answer;
  sluice_status status;
  uint64_t emitted;
  int is_innocent;
  const sluice_notify_emitter *replies; /* takes what a person says, in the call of a notifier; else NULL */
} call;

void call_begin(call *c, child *life, uint32_t op, uint32_t milliseconds);
/* Sends and waits. SLUICE_OK: `answer` stands behind status and count. Otherwise the child is gone, and `error`
 * says so. */
sluice_status call_run(call *c, sluice_error *error);
/* Reads the error's detail at the answer's end; gives the slot back. */
sluice_status call_end(call *c, sluice_error *error);
/* After call_run has failed: whether the life has ended in another one's call, so that this may be tried in the next. */
int call_is_innocent(const call *c);
sluice_status isolated_fail(sluice_error *error, sluice_status status, const char *message);
/* Answers what a child asks. Not OK: it broke the protocol. */
sluice_status isolated_upcall(isolated *plugin, const sluice_notify_emitter *replies, wire_reader *r, wire_writer *answer);

/* Where a sink's acknowledgements go: its number. */
uint64_t receiver_add(const isolated *plugin, const sluice_acknowledger *acknowledger);
void receiver_remove(uint64_t number);

/* Notes that a token was given to a life, until it is settled: whether it was owed still. */
void owed_add(child *life, uint32_t kind, uint64_t token);
int owed_settle(isolated *plugin, uint32_t kind, uint64_t token);
/* Takes off what an ended life owes, under the plugin's lock; answers it, without. */
owed *owed_take(child *life);
void owed_answer(isolated *plugin, owed *all);

/* The plugin's file is one whose literals may be logged. */
void image_add(isolated *plugin);
void image_remove(isolated *plugin);

/* Makes an instance in a life, by a call. `instance_make` puts it into the instance, `instance_prepare` aside. */
sluice_status instance_make(instance *made, child *life, sluice_error *error);
void instance_prepare(instance *made, child *life);
void instance_destroy(child *life, uint64_t handle);
void instance_release(instance *old);
/* Takes what was made aside into the instance, under the plugin's lock. 0: there is none. */
int instance_take(instance *made, child *life);
/* Waits until there is a life other than `last`: until `deadline`, and at most `longest` milliseconds from when the last
 * one ended. Whether there is one. */
int isolated_wait(isolated *plugin, const child *last, uint64_t deadline, uint32_t longest);
/* Starts the supervisor and waits for the first life, or the reason that there is none. */
int isolated_begin(isolated *plugin);
/* Waits for nobody: frees what nobody can use any more. */
void isolated_free(isolated *plugin);
/* The tables that the description tells of. 0: they can't be made. */
int isolated_describe(isolated *plugin);

#endif
