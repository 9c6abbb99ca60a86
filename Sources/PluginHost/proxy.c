/* proxy.c: an isolated plugin as the host sees it: the header's tables, whose functions are calls to the child.
 *
 *     proxy_instance.c  instances                  proxy_decide.c  authenticate filters and gates
 *     proxy_session.c   detectors and masks        proxy_notify.c  notifiers
 *     proxy_review.c    guards and scores          proxy_sink.c    sinks */
#define _GNU_SOURCE
#include "proxy.h"
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

const char *const stage_ids[KINDS] = {SLUICE_DETECT_ID,       SLUICE_MASK_ID, SLUICE_GUARD_ID, SLUICE_SCORE_ID,
                                      SLUICE_AUTHENTICATE_ID, SLUICE_GATE_ID, SLUICE_SINK_ID,  SLUICE_NOTIFY_ID};

static void *sink_table(const sluice_filter *filter, uint32_t has) {
  sluice_sink *made = malloc(sizeof *made);
  if (!made) return NULL;
  *made = sink_functions, made->filter = filter;
  if (!(has & HAS_PROBE)) made->probe = NULL;
  if (!(has & HAS_CHECKPOINT)) made->checkpoint = NULL;
  if (!(has & HAS_RECOVER_CHECKPOINT)) made->recover_checkpoint = NULL;
  return made;
}

static void *reading_table(const sluice_filter *filter, uint32_t has) {
  sluice_sink_read *made = malloc(sizeof *made);
  if (!made) return NULL;
  *made = reading_functions, made->filter = filter;
  if (!(has & HAS_READ_CHECKPOINTS)) made->checkpoints = NULL;
  if (!(has & HAS_READ_SESSIONS)) made->sessions = NULL;
  return made;
}

/* A copy of a kind's functions, for this plugin's filter. */
#define COPY(type, functions)                                                                                     \
  type *made = malloc(sizeof *made);                                                                              \
  if (!made) return NULL;                                                                                         \
  *made = functions, made->filter = filter;

static void *authenticate_table(const sluice_filter *filter, uint32_t has) {
  COPY(sluice_authenticate, authenticate_functions)
  if (!(has & HAS_CANCEL)) made->cancel = NULL;
  return made;
}
static void *gate_table(const sluice_filter *filter, uint32_t has) {
  COPY(sluice_gate, gate_functions)
  if (!(has & HAS_CANCEL)) made->cancel = NULL;
  return made;
}
static void *notify_table(const sluice_filter *filter, uint32_t has) {
  COPY(sluice_notify, notify_functions)
  if (!(has & HAS_RECEIVE)) made->receive = NULL;
  if (!(has & HAS_POLL)) made->poll = NULL;
  return made;
}

static void *table_of(uint32_t kind, const sluice_filter *filter, uint32_t has) {
  switch (kind) {
  case KIND_DETECT: { COPY(sluice_detect, detect_functions) return made; }
  case KIND_MASK: { COPY(sluice_mask, mask_functions) return made; }
  case KIND_GUARD: { COPY(sluice_guard, guard_functions) return made; }
  case KIND_SCORE: { COPY(sluice_score, score_functions) return made; }
  case KIND_AUTHENTICATE: return authenticate_table(filter, has);
  case KIND_GATE: return gate_table(filter, has);
  case KIND_NOTIFY: return notify_table(filter, has);
  case KIND_SINK: return sink_table(filter, has);
  }
  return NULL;
}

static const void *extension(const sluice_plugin *table, sluice_bytes id) {
  const isolated *plugin = (const isolated *)table;
  for (uint32_t kind = 0; kind < KINDS; kind++)
    if (id.length == strlen(stage_ids[kind]) && memcmp(id.data, stage_ids[kind], id.length) == 0) return plugin->tables[kind];
  if (id.length == strlen(SLUICE_SINK_READ_ID) && memcmp(id.data, SLUICE_SINK_READ_ID, id.length) == 0) return plugin->reading;
  return NULL;
}

int isolated_describe(isolated *plugin) {
  wire_reader r = {plugin->description.bytes, plugin->description.length, 4, 0};
  plugin->table = (sluice_plugin){.size = sizeof plugin->table, .get_extension = extension};
  plugin->table.abi_major = take32(&r), plugin->table.abi_minor = take32(&r);
  plugin->table.id = take_bytes(&r), plugin->table.version = take_bytes(&r);
  for (uint32_t kind = 0; kind < KINDS; kind++) {
    if (!take32(&r)) continue;
    sluice_filter *filter = &plugin->filters[kind];
    *filter = (sluice_filter){.size = sizeof *filter, .context = plugin, .create = instance_create, .destroy = instance_end};
    filter->flags = take32(&r), filter->name = take_bytes(&r), filter->summary = take_bytes(&r);
    filter->schema = take_bytes(&r);
    if (take32(&r)) filter->validate = instance_validate;
    uint32_t has = take32(&r);
    if (!(plugin->tables[kind] = table_of(kind, filter, has))) return 0;
    if (kind == KIND_SINK && has & HAS_READ && !(plugin->reading = reading_table(filter, has))) return 0;
  }
  return !r.broken && r.at == r.length;
}

/* ---- the beginning ---- */

static char *list_copy(const char *list) {
  size_t length = 0;
  while (list[length]) length += strlen(list + length) + 1;
  char *copy = malloc(length + 1);
  if (!copy) abort();
  memcpy(copy, list, length), copy[length] = 0;
  return copy;
}

const sluice_plugin *sluice_isolation_start(const char *executable, const char *path, int32_t library,
                                            const sluice_host *host, const sluice_isolation_policy *policy,
                                            char *message, uint64_t capacity) {
  isolated *plugin = calloc(1, sizeof *plugin);
  if (!plugin) abort();
  plugin->library = library;
  off_t length = lseek(library, 0, SEEK_END);
  plugin->image_length = length > 0 ? (uint64_t)length : 0;
  plugin->image = mmap(NULL, plugin->image_length ? plugin->image_length : 1, PROT_READ, MAP_PRIVATE, plugin->library, 0);
  plugin->host = host, plugin->executable = strdup(executable), plugin->policy = *policy;
  plugin->policy.read = list_copy(policy->read), plugin->policy.write = list_copy(policy->write);
  plugin->policy.ports = list_copy(policy->ports);
  pthread_condattr_t monotonic;
  pthread_condattr_init(&monotonic), pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
  pthread_mutex_init(&plugin->lock, NULL), pthread_mutex_init(&plugin->control, NULL);
   pthread_cond_init(&plugin->changed, &monotonic);
  if (plugin->image == MAP_FAILED || !plugin->executable || !isolated_begin(plugin)) {
    snprintf(message, capacity, "%s can't be loaded in a process of its own: %s", path, plugin->problem);
    isolated_free(plugin);
    return NULL;
  }
  image_add(plugin);
  return &plugin->table;
}

uint64_t sluice_isolation_restarts(const sluice_plugin *plugin) {
  return atomic_load(&((isolated *)plugin)->restarts);
}

void sluice_isolation_budget(void *made, uint32_t milliseconds) { ((instance *)made)->milliseconds = milliseconds; }

uint64_t sluice_isolation_resident(const sluice_plugin *plugin) {
  char path[32], text[128] = "";
  int32_t process = sluice_isolation_process(plugin);
  if (process <= 0) return 0;
  snprintf(path, sizeof path, "/proc/%d/statm", process);
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return 0;
  ssize_t count = read(file, text, sizeof text - 1);
  close(file);
  unsigned long long size, resident;
  if (count <= 0 || sscanf(text, "%llu %llu", &size, &resident) != 2) return 0;
  return resident * (uint64_t)sysconf(_SC_PAGESIZE);
}

int32_t sluice_isolation_process(const sluice_plugin *table) {
  isolated *plugin = (isolated *)table;
  pthread_mutex_lock(&plugin->lock);
  int32_t process = plugin->current ? (int32_t)plugin->current->process : 0;
  pthread_mutex_unlock(&plugin->lock);
  return process;
}
