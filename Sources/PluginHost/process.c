/* process.c: starts children, watches them and starts them again. */
#define _GNU_SOURCE
#include "process.h"
#include <errno.h>
#include <fcntl.h>
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
    if (kind != PACKET_UPCALL || upcall(life->plugin, NULL, &r, &reply)) end = CHANNEL_BROKEN;
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
    end = kind != PACKET_UPCALL || upcall(plugin, NULL, &r, &reply) ? CHANNEL_BROKEN
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

/* The instances that there are, held: free_list lets go of them. */
static instance **list_instances(isolated *plugin, uint32_t *count) {
  *count = 0;
  pthread_mutex_lock(&plugin->lock);
  for (instance *i = plugin->instances; i; i = i->next) ++*count;
  instance **all = malloc((*count + 1) * sizeof *all), **at = all;
  if (!all) abort();
  for (instance *i = plugin->instances; i; i = i->next) atomic_fetch_add(&i->users, 1), *at++ = i;
  pthread_mutex_unlock(&plugin->lock);
  return all;
}

static void free_list(instance **all, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) instance_release(all[i]);
  free(all);
}

/* A life gets all instances, and is the one that calls go to. Those that ended meanwhile end there, too. */
static void publish(isolated *plugin, child *life) {
  uint32_t count, ended_count = 0;
  instance **all = list_instances(plugin, &count);
  for (uint32_t i = 0; i < count; i++) {
    pthread_mutex_lock(&plugin->lock);
    int is_there = instance_take(all[i], life);
    pthread_mutex_unlock(&plugin->lock);
    if (!is_there) instance_make(all[i], life, NULL);
  }
  uint64_t *ended = malloc((count + 1) * sizeof *ended);
  if (!ended) abort();
  pthread_mutex_lock(&plugin->lock);
  if (!atomic_load(&life->ended) && !plugin->is_stopping) plugin->current = life;
  plugin->has_begun = plugin->has_tried = 1;
  for (uint32_t i = 0; i < count; i++)
    if (all[i]->is_ended && all[i]->life == life && all[i]->status == SLUICE_OK) ended[ended_count++] = all[i]->handle;
  pthread_cond_broadcast(&plugin->changed);
  pthread_mutex_unlock(&plugin->lock);
  for (uint32_t i = 0; i < ended_count; i++) instance_destroy(life, ended[i]);
  for (prepared *at = life->prepared; at; at = at->next)
    if (!at->is_taken && at->status == SLUICE_OK) at->is_taken = 1, instance_destroy(life, at->handle);
  free(ended), free_list(all, count);
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
  pthread_mutex_destroy(&plugin->control), pthread_mutex_destroy(&plugin->lock), pthread_cond_destroy(&plugin->changed);
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
  pthread_mutex_lock(&plugin->control);
  uint32_t count;
  instance **all = list_instances(plugin, &count);
  for (uint32_t i = 0; i < count; i++) instance_prepare(all[i], r->life);
  pthread_mutex_unlock(&plugin->control);
  free_list(all, count);
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
      pthread_mutex_lock(&plugin->control);
      publish(plugin, now.life);
      pthread_mutex_unlock(&plugin->control);
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
