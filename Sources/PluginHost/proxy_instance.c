/* proxy_instance.c: instances of an isolated plugin: made, made again in each life, ended. */
#define _GNU_SOURCE
#include "proxy.h"
#include <stdio.h>

static isolated *of_filter(const sluice_filter *filter) { return filter->context; }
static uint32_t kind_of(const sluice_filter *filter) {
  return (uint32_t)(filter - of_filter(filter)->filters);
}

sluice_status no_life(isolated *plugin, sluice_error *error) {
  char message[600];
  pthread_mutex_lock(&plugin->lock);
  snprintf(message, sizeof message, "The isolated plugin is not running: %s.", plugin->problem);
  pthread_mutex_unlock(&plugin->lock);
  return isolated_fail(error, SLUICE_ERROR_UNAVAILABLE, message);
}

sluice_status instance_validate(const sluice_filter *filter, sluice_bytes configuration, sluice_error *error) {
  isolated *plugin = of_filter(filter);
  child *life = life_hold(plugin);
  if (!life) return no_life(plugin, error);
  call c;
  call_begin(&c, life, OP_VALIDATE, plugin->policy.control_milliseconds);
  put32(c.question, kind_of(filter)), put_bytes(c.question, configuration);
  sluice_status status = call_run(&c, error);
  if (status == SLUICE_OK) status = call_end(&c, error);
  life_release(life);
  return status;
}

static sluice_status make_in(instance *made, child *life, uint64_t *handle, uint64_t *fact, sluice_error *error) {
  call c;
  call_begin(&c, life, OP_CREATE, made->plugin->policy.control_milliseconds);
  put32(c.question, made->kind);
  put_bytes(c.question, (sluice_bytes){made->configuration.bytes, made->configuration.length});
  sluice_status status = call_run(&c, error);
  made->is_interrupted = status != SLUICE_OK && call_is_innocent(&c);
  if (status != SLUICE_OK) return status;
  *handle = take64(&c.answer), *fact = take64(&c.answer);
  status = call_end(&c, error);
  /* What the first life declared holds: another word in a later one makes the instance unusable. */
  if (status == SLUICE_OK && made->life && *fact != made->fact)
    return isolated_fail(error, SLUICE_ERROR_DENIED, "The isolated plugin declares other limits than before.");
  return status;
}

void instance_destroy(child *life, uint64_t handle) {
  call c;
  call_begin(&c, life, OP_DESTROY, life->plugin->policy.control_milliseconds);
  put64(c.question, handle);
  if (call_run(&c, NULL) == SLUICE_OK) call_end(&c, NULL);
}

void instance_release(instance *old) {
  if (atomic_fetch_sub(&old->users, 1) != 1) return;
  free(old->configuration.bytes), free(old);
}

sluice_status instance_make(instance *made, child *life, sluice_error *error) {
  uint64_t handle = 0, fact = 0;
  sluice_status status = make_in(made, life, &handle, &fact, error);
  pthread_mutex_lock(&made->plugin->lock);
  made->life = life, made->status = status;
  if (status == SLUICE_OK) made->handle = handle, made->fact = fact;
  pthread_mutex_unlock(&made->plugin->lock);
  return status;
}

void instance_prepare(instance *made, child *life) {
  uint64_t fact = 0;
  prepared *new = calloc(1, sizeof *new);
  if (!new) abort();
  new->serial = made->serial, new->status = make_in(made, life, &new->handle, &fact, NULL);
  new->next = life->prepared, life->prepared = new;
}

int instance_take(instance *made, child *life) {
  for (prepared *at = life->prepared; at; at = at->next)
    if (at->serial == made->serial) {
      made->life = life, made->status = at->status, made->handle = at->handle;
      at->is_taken = 1;
      return 1;
    }
  return 0;
}

static sluice_status create_once(instance *new, child **life, sluice_error *error) {
  isolated *plugin = new->plugin;
  new->is_interrupted = 0, new->life = NULL;
  pthread_mutex_lock(&plugin->control);
  *life = life_hold(plugin);
  sluice_status status = *life ? instance_make(new, *life, error) : no_life(plugin, error);
  if (status == SLUICE_OK) {
    pthread_mutex_lock(&plugin->lock);
    new->next = plugin->instances, plugin->instances = new;
    pthread_mutex_unlock(&plugin->lock);
  }
  pthread_mutex_unlock(&plugin->control);
  return status;
}

sluice_status instance_create(const sluice_filter *filter, const sluice_host *host, sluice_bytes configuration,
                            void **made, sluice_error *error) {
  (void)host;
  isolated *plugin = of_filter(filter);
  instance *new = calloc(1, sizeof *new);
  if (!new) return SLUICE_ERROR_UNAVAILABLE;
  static _Atomic uint64_t serials;
  new->serial = atomic_fetch_add(&serials, 1) + 1;
  new->plugin = plugin, new->kind = kind_of(filter), new->users = 1;
  new->milliseconds = new->kind == KIND_NOTIFY ? plugin->policy.control_milliseconds : plugin->policy.call_milliseconds;
  put_bytes(&new->configuration, (sluice_bytes){0}), new->configuration.length = 0;
  put_raw(&new->configuration, configuration.data, configuration.length);
  /* Between two lives it waits for the next one, under no lock: the supervisor gives that one its instances first. */
  uint64_t deadline = channel_now() + (uint64_t)plugin->policy.control_milliseconds * 1000000u;
  isolated_wait(plugin, NULL, deadline, plugin->policy.control_milliseconds);
  child *life = NULL;
  sluice_status status = create_once(new, &life, error);
  /* Its process was ended for another call: it begins again in the next, once. */
  if (new->is_interrupted) {
    deadline = channel_now() + (uint64_t)plugin->policy.control_milliseconds * 1000000u;
    isolated_wait(plugin, life, deadline, plugin->policy.control_milliseconds);
    life_release(life);
    status = create_once(new, &life, error);
  }
  life_release(life);
  if (status == SLUICE_OK) *made = new;
  else instance_release(new);
  return status;
}

child *life_of(instance *instance, uint64_t *handle, sluice_error *error, sluice_status *status) {
  isolated *plugin = instance->plugin;
  pthread_mutex_lock(&plugin->lock);
  int is_gone = !plugin->current;
  uint32_t wait = instance->kind == KIND_NOTIFY ? plugin->policy.call_milliseconds : instance->milliseconds;
  pthread_mutex_unlock(&plugin->lock);
  /* One that stands by takes over within microseconds; another one is waited for, for a while after each end. */
  if (is_gone) isolated_wait(plugin, NULL, UINT64_MAX, wait);
  pthread_mutex_lock(&plugin->lock);
  child *life = plugin->current;
  if (life && (instance->life != life || instance->status != SLUICE_OK)) life = NULL;
  if (life) atomic_fetch_add(&life->users, 1), *handle = instance->handle;
  pthread_mutex_unlock(&plugin->lock);
  *status = life ? SLUICE_OK : no_life(plugin, error);
  return life;
}

/* Waits for the call alone, and under no lock: a plugin that hangs in it holds up nobody else. An instance without a
 * process has ended with it. */
void instance_end(const sluice_filter *filter, void *made) {
  instance *old = made;
  isolated *plugin = of_filter(filter);
  child *life = NULL;
  uint64_t handle = 0;
  pthread_mutex_lock(&plugin->lock);
  for (instance **at = &plugin->instances; *at; at = &(*at)->next)
    if (*at == old) {
      *at = old->next;
      break;
    }
  old->is_ended = 1;
  if (plugin->current && old->life == plugin->current && old->status == SLUICE_OK)
    life = plugin->current, handle = old->handle, atomic_fetch_add(&life->users, 1);
  pthread_mutex_unlock(&plugin->lock);
  if (life) instance_destroy(life, handle), life_release(life);
  instance_release(old);
}

uint64_t instance_hold(void *made) { return ((instance *)made)->fact; }
uint32_t instance_wants(void *made) { return (uint32_t)((instance *)made)->fact; }
