/* supervisor.c: starts a plugin's child, gives it the plugin's instances, and starts another one when it ends. */
#define _GNU_SOURCE
#include "process.h"
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

/* Milliseconds between two lives: doubled with each life that was short, up to the policy's. */
#define FIRST_PAUSE 10u
/* A life was not short if it lasted so long, or answered so many calls: then the fault is in a text, not in the
 * plugin as such. */
#define SHORT_LIFE 1000000000u /* nanoseconds */
#define FEW_CALLS 32u

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

/* One that stands by: a call whose life has ended in another one's call goes on in it at once. */
static void stand_by(isolated *plugin, life_run *r) {
  if (!life_begin(plugin, r)) {
    if (r->life) life_kill(r->life);
    return life_end(r);
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
  life_run now = {0}, spare = {0};
  while (!is_stopping(plugin)) {
    pthread_mutex_lock(&plugin->lock);
    plugin->spare = NULL;
    pthread_mutex_unlock(&plugin->lock);
    int is_good = spare.life && !atomic_load(&spare.life->ended);
    if (is_good) {
      now = spare, spare.life = NULL, now.began = channel_now();
    } else {
      life_end(&spare);
      is_good = life_begin(plugin, &now);
    }
    if (is_good) {
      pthread_mutex_lock(&plugin->control);
      publish(plugin, now.life);
      pthread_mutex_unlock(&plugin->control);
    }
    if (now.life && (!is_good || is_stopping(plugin))) life_kill(now.life);
    if (!plugin->has_begun) {
      life_end(&now);
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
      life_release(now.life), now.life = NULL;
    }
    pause = is_useful || channel_now() - now.began > SHORT_LIFE ? FIRST_PAUSE
            : pause < longest / 2 ? pause * 2 : longest;
    if (is_stopping(plugin)) break;
    if (!spare.life) usleep((pause < longest ? pause : longest) * 1000);
    atomic_fetch_add(&plugin->restarts, 1);
  }
  if (spare.life) life_kill(spare.life), life_end(&spare);
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
