/* process.c: starts children, watches them, starts them again, and makes calls to them. */
#define _GNU_SOURCE
#include "process.h"
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* Milliseconds between two lives: doubled with each life that was short, up to the policy's. */
#define FIRST_PAUSE 10u
/* A life was not short if it lasted so long, or answered so many calls: then the fault is in a text, not in the
 * plugin as such. */
#define SHORT_LIFE 1000000000u /* nanoseconds */
#define FEW_CALLS 32u

sluice_status fail(sluice_error *error, sluice_status status, const char *message) {
  if (error && error->message) {
    uint64_t length = strlen(message);
    if (length > error->message_capacity) length = error->message_capacity;
    memcpy(error->message, message, length);
    error->message_length = length, error->pointer_length = 0, error->flags = 0;
  }
  return status;
}

/* ---- lives ---- */

child *child_hold(isolated *plugin) {
  pthread_mutex_lock(&plugin->lock);
  child *life = plugin->current;
  if (life) atomic_fetch_add(&life->users, 1);
  pthread_mutex_unlock(&plugin->lock);
  return life;
}

void child_release(child *life) {
  if (!life || atomic_fetch_sub(&life->users, 1) != 1) return;
  munmap(life->region, sizeof *life->region);
  for (uint32_t i = 0; i <= SLOTS; i++) free(life->questions[i].bytes), free(life->answers[i].bytes);
  while (life->prepared) {
    prepared *next = life->prepared->next;
    free(life->prepared), life->prepared = next;
  }
  pthread_mutex_destroy(&life->closing);
  free(life);
}

void child_kill(child *life) {
  /* Under the lock, and before it is reaped: the number is still its own. */
  pthread_mutex_lock(&life->plugin->lock);
  if (!atomic_load(&life->ended)) kill(life->process, SIGKILL);
  pthread_mutex_unlock(&life->plugin->lock);
}

static int spawn(isolated *plugin, int region_descriptor, pid_t *process) {
  char parent[16];
  snprintf(parent, sizeof parent, "%d", (int)getpid());
  char *arguments[] = {(char *)"sluice", (char *)"plugin-host", parent, NULL};
  char *environment[] = {(char *)"LANG=C.UTF-8", (char *)"SWIFT_BACKTRACE=enable=no", NULL};
  posix_spawn_file_actions_t files;
  posix_spawnattr_t attributes;
  sigset_t none, all;
  sigemptyset(&none), sigfillset(&all);
  posix_spawn_file_actions_init(&files), posix_spawnattr_init(&attributes);
  posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&files, 2, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_adddup2(&files, region_descriptor, 3);
  posix_spawn_file_actions_adddup2(&files, plugin->library, 4);
  posix_spawn_file_actions_addclosefrom_np(&files, 5);
  posix_spawnattr_setsigmask(&attributes, &none), posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  int failed = posix_spawn(process, plugin->executable, &files, &attributes, arguments, environment);
  posix_spawn_file_actions_destroy(&files), posix_spawnattr_destroy(&attributes);
  return failed;
}

/* A child that waits for its greeting; NULL, and the plugin's `problem` says why. */
static child *child_start(isolated *plugin) {
  int made = memfd_create("sluice-plugin-host", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  /* Above what the child's own are numbered: a descriptor moved onto itself would be closed. */
  int descriptor = made < 0 ? -1 : fcntl(made, F_DUPFD_CLOEXEC, 20);
  if (made >= 0) close(made);
  void *memory = MAP_FAILED;
  if (descriptor >= 0 && ftruncate(descriptor, sizeof(region)) == 0 &&
      fcntl(descriptor, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) == 0)
    memory = mmap(NULL, sizeof(region), PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
  child *life = memory == MAP_FAILED ? NULL : calloc(1, sizeof *life);
  int failed = errno;
  if (life) {
    life->region = memory, life->plugin = plugin, life->users = 1, life->free_slots = (1u << SLOTS) - 1;
    pthread_mutex_init(&life->closing, NULL);
    for (uint32_t i = 0; i <= SLOTS; i++) atomic_store(&life->region->slots[i].turn, TURN_HOST);
    atomic_store(&life->region->slots[UPCALLS].turn, TURN_CHILD);
    failed = spawn(plugin, descriptor, &life->process);
    if (failed) child_release(life), life = NULL;
  } else if (memory != MAP_FAILED) {
    munmap(memory, sizeof(region));
  }
  if (descriptor >= 0) close(descriptor);
  if (!life)
    snprintf(plugin->problem, sizeof plugin->problem, "its process can't be started with %s: %s",
             plugin->executable, strerror(failed));
  return life;
}

/* ---- calls ---- */

void call_begin(call *c, child *life, uint32_t op, uint32_t milliseconds) {
  memset(c, 0, sizeof *c);
  c->life = life, c->deadline = channel_now() + (uint64_t)milliseconds * 1000000u, c->slot = -1;
  /* The lowest free slot: its thread is the likeliest to be awake. */
  for (uint32_t bits = atomic_load(&life->free_slots);;) {
    if (bits == 0) {
      if (atomic_load(&life->ended) || channel_now() > c->deadline) break;
      sched_yield();
      bits = atomic_load(&life->free_slots);
    } else if (atomic_compare_exchange_weak(&life->free_slots, &bits, bits & (bits - 1))) {
      c->slot = __builtin_ctz(bits);
      break;
    }
  }
  uint32_t place = c->slot < 0 ? SLOTS : (uint32_t)c->slot;
  static _Thread_local wire_writer nowhere;
  c->question = c->slot < 0 ? &nowhere : &life->questions[place];
  c->question->length = 0, c->question->broken = c->slot < 0;
  c->side = (side){&life->region->slots[place], TURN_HOST, TURN_CHILD, &life->ended};
  if (c->slot < 0) return;
  pthread_mutex_lock(&life->closing);
  put64(c->question, life->closed_count);
  for (uint32_t i = 0; i < life->closed_count; i++) put64(c->question, life->closed[i]);
  life->closed_count = 0;
  pthread_mutex_unlock(&life->closing);
  put32(c->question, op);
}

static void give_back(call *c) {
  wire_writer *both[] = {&c->life->questions[c->slot], &c->life->answers[c->slot]};
  for (int i = 0; i < 2; i++)
    if (both[i]->capacity > 4 << 20) free(both[i]->bytes), memset(both[i], 0, sizeof **both);
  atomic_fetch_or(&c->life->free_slots, 1u << c->slot);
  c->slot = -1;
}

static sluice_status give_up(call *c, int end, sluice_error *error) {
  uint32_t nobody = 0, own = (uint32_t)c->slot + 1;
  if (end != CHANNEL_ENDED) {
    atomic_compare_exchange_strong(&c->life->blamed, &nobody, own);
    child_kill(c->life);
  } else {
    uint32_t blamed = atomic_load(&c->life->blamed), culprit = atomic_load(&c->life->region->culprit);
    if (!blamed && culprit <= SLOTS) blamed = culprit;
    c->is_innocent = blamed != 0 && blamed != own && culprit != own;
  }
  return fail(error, SLUICE_ERROR_UNAVAILABLE,
              end == CHANNEL_ENDED ? "The isolated plugin's process ended during the call; it is started again."
              : end == CHANNEL_LATE
                  ? "The isolated plugin did not answer in time; its process was ended and is started again."
                  : "The isolated plugin broke the protocol; its process was ended and is started again.");
}

sluice_status call_run(call *c, sluice_error *error) {
  if (c->slot < 0) return fail(error, SLUICE_ERROR_UNAVAILABLE, "The isolated plugin has no place for this call.");
  if (c->question->broken == WIRE_LOST) {
    give_back(c);
    return fail(error, SLUICE_ERROR_UNAVAILABLE,
                "The isolated plugin's process ended, and what it was told can't be told to the next one.");
  }
  if (c->question->broken) {
    give_back(c);
    return fail(error, SLUICE_ERROR_LIMIT, "The text is too long for an isolated plugin.");
  }
  wire_writer *answer = &c->life->answers[c->slot];
  int end = channel_send(&c->side, PACKET_FRAME, c->question, c->deadline);
  uint32_t kind = 0;
  while (end == CHANNEL_OK && (end = channel_receive(&c->side, &kind, answer, c->deadline)) == CHANNEL_OK) {
    if (kind == PACKET_FRAME) break;
    if (kind != PACKET_UPCALL) end = CHANNEL_BROKEN;
    else {
      wire_writer reply = {0};
      wire_reader asked = {answer->bytes, answer->length, 0, 0};
      end = upcall(c->life->plugin, &asked, &reply) ? CHANNEL_BROKEN
                                                    : channel_send(&c->side, PACKET_FRAME, &reply, c->deadline);
      free(reply.bytes);
    }
  }
  if (end != CHANNEL_OK) return give_up(c, end, error);
  c->answer = (wire_reader){answer->bytes, answer->length, 0, 0};
  c->status = (sluice_status)take32(&c->answer);
  c->emitted = take64(&c->answer);
  return SLUICE_OK;
}

sluice_status call_end(call *c, sluice_error *error) {
  wire_reader *r = &c->answer;
  uint32_t flags = take32(r);
  sluice_bytes message = take_bytes(r), pointer = take_bytes(r);
  if (r->broken || r->at != r->length) return give_up(c, CHANNEL_BROKEN, error);
  if (error && c->status < 0) {
    error->flags = flags;
    error->message_length = message.length < error->message_capacity ? message.length : error->message_capacity;
    error->pointer_length = pointer.length < error->pointer_capacity ? pointer.length : error->pointer_capacity;
    if (error->message_length) memcpy(error->message, message.data, error->message_length);
    if (error->pointer_length) memcpy(error->pointer, pointer.data, error->pointer_length);
  }
  atomic_fetch_add_explicit(&c->life->answered, 1, memory_order_relaxed);
  give_back(c);
  return c->status;
}

int call_is_innocent(const call *c) { return c->is_innocent; }

/* ---- the supervisor ---- */

static void *serve_upcalls(void *context) {
  child *life = context;
  side way = {&life->region->slots[UPCALLS], TURN_HOST, TURN_CHILD, &life->ended};
  wire_writer question = {0}, reply = {0};
  uint32_t kind;
  int end;
  while ((end = channel_receive(&way, &kind, &question, 0)) == CHANNEL_OK) {
    wire_reader r = {question.bytes, question.length, 0, 0};
    reply.length = 0, reply.broken = 0;
    if (kind != PACKET_UPCALL || upcall(life->plugin, &r, &reply)) end = CHANNEL_BROKEN;
    else end = channel_send(&way, PACKET_FRAME, &reply, 0);
    if (end != CHANNEL_OK) break;
  }
  if (end != CHANNEL_ENDED) child_kill(life);
  free(question.bytes), free(reply.bytes), child_release(life);
  return NULL;
}

static wire_writer listed(const char *texts) {
  wire_writer w = {0};
  const char *end = texts;
  while (*end) end += strlen(end) + 1;
  put_raw(&w, texts, (uint64_t)(end - texts) + 1), put_raw(&w, "", 1);
  return w;
}

/* Greets it: the policy goes there, its description comes back. */
static int greet(isolated *plugin, child *life) {
  side way = {&life->region->slots[0], TURN_HOST, TURN_CHILD, &life->ended};
  wire_writer greeting = {0}, answer = {0};
  put_bytes(&greeting, plugin->host->version);
  const char *lists[] = {plugin->policy.read, plugin->policy.write, plugin->policy.ports};
  for (int i = 0; i < 3; i++) {
    wire_writer list = listed(lists[i]);
    put_bytes(&greeting, (sluice_bytes){list.bytes, list.length}), free(list.bytes);
  }
  put64(&greeting, plugin->policy.memory);
  uint64_t deadline = channel_now() + (uint64_t)plugin->policy.control_milliseconds * 1000000u;
  uint32_t kind = 0;
  int end = channel_send(&way, PACKET_FRAME, &greeting, deadline);
  while (end == CHANNEL_OK && (end = channel_receive(&way, &kind, &answer, deadline)) == CHANNEL_OK) {
    if (kind == PACKET_FRAME) break;
    wire_reader r = {answer.bytes, answer.length, 0, 0};
    wire_writer reply = {0};
    end = kind != PACKET_UPCALL || upcall(plugin, &r, &reply) ? CHANNEL_BROKEN
                                                              : channel_send(&way, PACKET_FRAME, &reply, deadline);
    free(reply.bytes);
  }
  free(greeting.bytes);
  wire_reader r = {answer.bytes, answer.length, 0, 0};
  int is_good = end == CHANNEL_OK && take32(&r) == 1;
  if (end != CHANNEL_OK) {
    snprintf(plugin->problem, sizeof plugin->problem, "its process %s while it loaded",
             end == CHANNEL_LATE ? "did not answer" : end == CHANNEL_ENDED ? "ended" : "broke the protocol");
  } else if (!is_good) {
    sluice_bytes why = take_bytes(&r);
    snprintf(plugin->problem, sizeof plugin->problem, "%.*s", (int)(why.length > 400 ? 400 : why.length),
             why.data ? (const char *)why.data : "it gives no reason");
  } else if (!plugin->has_begun) {
    put_raw(&plugin->description, answer.bytes, answer.length);
    is_good = isolated_describe(plugin);
    if (!is_good) snprintf(plugin->problem, sizeof plugin->problem, "it describes itself in a way that can't be read");
  } else if (plugin->description.length != answer.length ||
             memcmp(plugin->description.bytes, answer.bytes, answer.length) != 0) {
    snprintf(plugin->problem, sizeof plugin->problem, "it describes itself in another way than before");
    is_good = 0;
  }
  free(answer.bytes);
  return is_good;
}

/* Waits until it has ended, tells everyone who waits for it, and reaps it. */
static void see_off(isolated *plugin, child *life) {
  siginfo_t info = {0};
  while (waitid(P_PID, (id_t)life->process, &info, WEXITED | WNOWAIT) < 0 && errno == EINTR) {}
  pthread_mutex_lock(&plugin->lock);
  int was_current = plugin->current == life;
  if (was_current) plugin->current = NULL, plugin->went = channel_now();
  atomic_store(&life->ended, 1);
  if (was_current && plugin->has_begun)
    snprintf(plugin->problem, sizeof plugin->problem, "its process ended (%s %d) and is started again",
             info.si_code == CLD_EXITED ? "status" : "signal", info.si_status);
  owed *owes = take_owed(life);
  pthread_mutex_unlock(&plugin->lock);
  answer_owed(plugin, owes);
  while (waitpid(life->process, NULL, 0) < 0 && errno == EINTR) {}
  for (uint32_t i = 0; i <= SLOTS; i++) {
    atomic_store(&life->region->slots[i].turn, TURN_NOBODY);
    channel_wake(&life->region->slots[i].turn);
  }
}

/* Tells a greeting that waits: the supervisor itself can't wait for the process then. */
static void *watch(void *context) {
  child *life = context;
  see_off(life->plugin, life);
  child_release(life);
  return NULL;
}

/* The instances that there are; freed by the caller, who holds isolation_control, so that none of them ends. */
static instance **list_instances(isolated *plugin, uint32_t *count) {
  *count = 0;
  pthread_mutex_lock(&plugin->lock);
  for (instance *i = plugin->instances; i; i = i->next) ++*count;
  instance **all = malloc((*count + 1) * sizeof *all), **at = all;
  if (!all) abort();
  for (instance *i = plugin->instances; i; i = i->next) *at++ = i;
  pthread_mutex_unlock(&plugin->lock);
  return all;
}

/* A life gets all instances, and is the one that calls go to. */
static void publish(isolated *plugin, child *life) {
  uint32_t count;
  instance **all = list_instances(plugin, &count);
  for (uint32_t i = 0; i < count; i++) {
    pthread_mutex_lock(&plugin->lock);
    int is_there = instance_take(all[i], life);
    pthread_mutex_unlock(&plugin->lock);
    if (!is_there) instance_make(all[i], life, NULL);
  }
  free(all);
  pthread_mutex_lock(&plugin->lock);
  if (!atomic_load(&life->ended) && !plugin->is_stopping) plugin->current = life;
  plugin->has_begun = plugin->has_tried = 1;
  pthread_cond_broadcast(&plugin->changed);
  pthread_mutex_unlock(&plugin->lock);
}

int isolated_wait(isolated *plugin, const child *last, uint64_t deadline, uint32_t longest) {
  pthread_mutex_lock(&plugin->lock);
  /* However many sessions there are, a process that does not come back holds up a thread once. */
  uint64_t latest = plugin->went + (uint64_t)longest * 1000000u;
  if (!plugin->current && latest < deadline) deadline = latest;
  struct timespec until = {(time_t)(deadline / 1000000000u), (long)(deadline % 1000000000u)};
  int late = 0;
  while ((!plugin->current || plugin->current == last) && !late && !plugin->is_stopping)
    late = pthread_cond_timedwait(&plugin->changed, &plugin->lock, &until);
  int is_there = plugin->current && plugin->current != last;
  pthread_mutex_unlock(&plugin->lock);
  return is_there;
}

extern pthread_mutex_t isolation_control;

static int is_stopping(isolated *plugin) {
  pthread_mutex_lock(&plugin->lock);
  int is_stopping = plugin->is_stopping;
  pthread_mutex_unlock(&plugin->lock);
  return is_stopping;
}

void isolated_free(isolated *plugin) {
  if (plugin->image != MAP_FAILED) munmap((void *)plugin->image, plugin->image_length ? plugin->image_length : 1);
  close(plugin->library);
  for (uint32_t kind = 0; kind < KINDS; kind++) free(plugin->tables[kind]);
  pthread_mutex_destroy(&plugin->lock), pthread_cond_destroy(&plugin->changed);
  free((void *)plugin->policy.read), free((void *)plugin->policy.write), free((void *)plugin->policy.ports);
  free((void *)plugin->executable), free(plugin->reading), free(plugin->description.bytes), free(plugin);
}

void sluice_isolation_stop(const sluice_plugin *table) {
  isolated *plugin = (isolated *)table;
  image_remove(plugin);
  pthread_mutex_lock(&plugin->lock);
  plugin->is_stopping = 1;
  if (plugin->current && !atomic_load(&plugin->current->ended)) kill(plugin->current->process, SIGKILL);
  pthread_mutex_unlock(&plugin->lock);
}

/* A child with the threads that watch it and answer it. */
typedef struct run {
  child *life;
  pthread_t watcher, server;
  uint64_t began;
} run;

/* Starts one and greets it. 0: there is none, and the plugin's `problem` says why. */
static int run_begin(isolated *plugin, run *r) {
  r->began = channel_now();
  if (!(r->life = child_start(plugin))) return 0;
  atomic_fetch_add(&r->life->users, 2);
  if (pthread_create(&r->watcher, NULL, watch, r->life) || pthread_create(&r->server, NULL, serve_upcalls, r->life)) abort();
  return greet(plugin, r->life);
}

/* Waits for its end. */
static void run_end(run *r) {
  if (!r->life) return;
  pthread_join(r->watcher, NULL), pthread_join(r->server, NULL);
  child_release(r->life), r->life = NULL;
}

/* One that stands by: a call whose life has ended in another one's call goes on in it at once. */
static void stand_by(isolated *plugin, run *r) {
  if (!run_begin(plugin, r)) {
    if (r->life) child_kill(r->life);
    return run_end(r);
  }
  pthread_mutex_lock(&isolation_control);
  uint32_t count;
  instance **all = list_instances(plugin, &count);
  for (uint32_t i = 0; i < count; i++) instance_prepare(all[i], r->life);
  pthread_mutex_unlock(&isolation_control);
  free(all);
  pthread_mutex_lock(&plugin->lock);
  plugin->spare = r->life;
  pthread_mutex_unlock(&plugin->lock);
}

static void *supervise(void *context) {
  isolated *plugin = context;
  uint32_t pause = FIRST_PAUSE, longest = plugin->policy.longest_pause_milliseconds;
  run now = {0}, spare = {0};
  while (!is_stopping(plugin)) {
    pthread_mutex_lock(&plugin->lock);
    plugin->spare = NULL;
    pthread_mutex_unlock(&plugin->lock);
    int is_good = spare.life && !atomic_load(&spare.life->ended);
    if (is_good) {
      now = spare, spare.life = NULL, now.began = channel_now();
    } else {
      run_end(&spare);
      is_good = run_begin(plugin, &now);
    }
    if (is_good) {
      pthread_mutex_lock(&isolation_control);
      publish(plugin, now.life);
      pthread_mutex_unlock(&isolation_control);
    }
    if (now.life && (!is_good || is_stopping(plugin))) child_kill(now.life);
    if (!plugin->has_begun) {
      run_end(&now);
      break;
    }
    /* From the first end on one stands by, after a pause, so that lives that are short don't follow each other at once. */
    if (is_good && atomic_load(&plugin->restarts) && !is_stopping(plugin)) {
      usleep((pause < longest ? pause : longest) * 1000);
      if (!is_stopping(plugin)) stand_by(plugin, &spare);
    }
    int is_useful = 0;
    if (now.life) {
      pthread_join(now.watcher, NULL), pthread_join(now.server, NULL);
      is_useful = atomic_load(&now.life->answered) >= FEW_CALLS;
      child_release(now.life), now.life = NULL;
    }
    pause = is_useful || channel_now() - now.began > SHORT_LIFE ? FIRST_PAUSE
            : pause < longest / 2 ? pause * 2 : longest;
    if (is_stopping(plugin)) break;
    if (!spare.life) usleep((pause < longest ? pause : longest) * 1000);
    atomic_fetch_add(&plugin->restarts, 1);
  }
  if (spare.life) child_kill(spare.life), run_end(&spare);
  if (is_stopping(plugin)) {
    isolated_free(plugin);
    return NULL;
  }
  pthread_mutex_lock(&plugin->lock);
  plugin->has_tried = 1;
  pthread_cond_broadcast(&plugin->changed);
  pthread_mutex_unlock(&plugin->lock);
  return NULL;
}

int isolated_begin(isolated *plugin) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, supervise, plugin)) return 0;
  pthread_detach(thread);
  pthread_mutex_lock(&plugin->lock);
  while (!plugin->has_tried) pthread_cond_wait(&plugin->changed, &plugin->lock);
  int has_begun = plugin->has_begun;
  pthread_mutex_unlock(&plugin->lock);
  return has_begun;
}
