/* life.c: one life of a child: started, greeted, answered, and seen off. */
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

child *life_hold(isolated *plugin) {
  pthread_mutex_lock(&plugin->lock);
  child *life = plugin->current;
  if (life) atomic_fetch_add(&life->users, 1);
  pthread_mutex_unlock(&plugin->lock);
  return life;
}

void life_release(child *life) {
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

void life_kill(child *life) {
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
    if (failed) life_release(life), life = NULL;
  } else if (memory != MAP_FAILED) {
    munmap(memory, sizeof(region));
  }
  if (descriptor >= 0) close(descriptor);
  if (!life)
    snprintf(plugin->problem, sizeof plugin->problem, "its process can't be started with %s: %s",
             plugin->executable, strerror(failed));
  return life;
}

/* ---- what it asks, its greeting, its end ---- */

static void *serve_upcalls(void *context) {
  child *life = context;
  side way = {&life->region->slots[UPCALLS], TURN_HOST, TURN_CHILD, &life->ended};
  wire_writer question = {.limit = UPCALL_LIMIT}, reply = {0};
  uint32_t kind;
  int end;
  while ((end = channel_receive(&way, &kind, &question, 0)) == CHANNEL_OK) {
    wire_reader r = {question.bytes, question.length, 0, 0};
    reply.length = 0, reply.broken = 0;
    if (kind != PACKET_UPCALL || isolated_upcall(life->plugin, NULL, &r, &reply)) end = CHANNEL_BROKEN;
    else end = channel_send(&way, PACKET_FRAME, &reply, 0);
    if (end != CHANNEL_OK) break;
  }
  if (end != CHANNEL_ENDED) life_kill(life);
  free(question.bytes), free(reply.bytes), life_release(life);
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
  wire_writer greeting = {0}, answer = {.limit = ANSWER_LIMIT};
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
    end = kind != PACKET_UPCALL || isolated_upcall(plugin, NULL, &r, &reply) ? CHANNEL_BROKEN
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
  owed *owes = owed_take(life);
  pthread_mutex_unlock(&plugin->lock);
  owed_answer(plugin, owes);
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
  life_release(life);
  return NULL;
}

/* ---- all of it ---- */

int life_begin(isolated *plugin, life_run *r) {
  r->began = channel_now();
  if (!(r->life = child_start(plugin))) return 0;
  atomic_fetch_add(&r->life->users, 2);
  if (pthread_create(&r->watcher, NULL, watch, r->life) || pthread_create(&r->server, NULL, serve_upcalls, r->life)) abort();
  return greet(plugin, r->life);
}

void life_end(life_run *r) {
  if (!r->life) return;
  pthread_join(r->watcher, NULL), pthread_join(r->server, NULL);
  life_release(r->life), r->life = NULL;
}
