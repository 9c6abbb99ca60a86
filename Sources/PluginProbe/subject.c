/* subject.c: a plugin is loaded, and its tables are looked at. */
#define _GNU_SOURCE
#include "probe.h"

#include <dirent.h>
#include <PluginHost.h>
#include <dlfcn.h>
#include <unistd.h>
#include <stdio.h>

static const sluice_plugin *plugin;

static size_t entries(const char *folder) {
  DIR *directory = opendir(folder);
  size_t count = 0;
  if (directory == NULL) return 0;
  while (readdir(directory) != NULL) count++;
  closedir(directory);
  return count;
}

size_t open_descriptors(void) { return entries("/proc/self/fd"); }
size_t live_threads(void) { return entries("/proc/self/task"); }

const sluice_plugin *the_plugin(void) { return plugin; }

/* The plugin in a process of its own: the same tables, whose functions are calls. */
static void load_isolated(void) {
  char executable[4096], list[4096], digest[64], message[1024];
  ssize_t length = readlink("/proc/self/exe", executable, sizeof executable - 1);
  if (length <= 0) return;
  executable[length] = 0;
  /* A list of one text, ended by an empty one. */
  memset(list, 0, sizeof list);
  snprintf(list, sizeof list - 2, "%s", probe_task_now->isolated);
  sluice_isolation_policy policy = {list, list, "", (uint64_t)1 << 30, 60000, 60000, 1000};
  plugin = sluice_isolation_start(executable, probe_task_now->library, probe_host, &policy, digest, message, sizeof message);
  if (plugin == NULL) probe_fail("dependencies", "%s", message);
}

void load_library(void) {
  if (probe_task_now->isolated[0] != 0) {
    load_isolated();
    return;
  }
  size_t threads = live_threads(), descriptors = open_descriptors();
  void *handle = dlopen(probe_task_now->library, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (handle == NULL) {
    probe_fail("dependencies", "it can't be loaded: %s", dlerror());
    return;
  }
  sluice_plugin_entry entry;
  *(void **)&entry = dlsym(handle, "sluice_plugin_v1");
  if (entry == NULL) {
    probe_fail("exports", "it does not export sluice_plugin_v1");
    return;
  }
  const sluice_plugin *found = entry(probe_host);
  if (live_threads() != threads) probe_fail("entry", "loading it, or its entry, started a thread");
  if (open_descriptors() != descriptors) probe_fail("entry", "loading it, or its entry, opened a file or a socket");
  if (found == NULL) {
    probe_fail("entry", "it refuses to work with a host of ABI %u.%u", SLUICE_ABI_MAJOR, SLUICE_ABI_MINOR);
    return;
  }
  if (found->size < sizeof *found || found->get_extension == NULL) {
    probe_fail("tables", "its table has no size, or no get_extension");
    return;
  }
  plugin = found;
}

static const char *const kinds[] = {"authenticate", "guard", "detect", "mask", "score", "gate", "notify", "sink"};

const char *extension_of(const char *kind) {
  static char id[64];
  for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
    if (strcmp(kinds[i], kind) != 0) continue;
    snprintf(id, sizeof id, "sluice.%s/1", kind);
    return id;
  }
  return NULL;
}

int find_filter(subject *s, const char *kind) {
  *s = (subject){.plugin = plugin, .kind = kind, .id = extension_of(kind)};
  if (plugin == NULL || s->id == NULL) return 0;
  s->table = plugin->get_extension(plugin, text_of(s->id));
  if (s->table == NULL) {
    probe_fail("tables", "it has no table '%s', which its note names", s->id);
    return 0;
  }
  /* The tables of all stages begin alike: their size, a reserved word, and what all filters have. */
  const sluice_detect *table = s->table;
  s->filter = table->size >= offsetof(sluice_detect, maximum_hold) ? table->filter : NULL;
  if (s->filter == NULL || s->filter->size < sizeof *s->filter || s->filter->create == NULL ||
      s->filter->destroy == NULL) {
    probe_fail("tables", "the table '%s' has no size, no filter, or a filter without create or destroy", s->id);
    return 0;
  }
  return 1;
}

int make_instance(subject *s) {
  sluice_bytes json = lend(probe_task_now->configuration, strlen(probe_task_now->configuration));
  sluice_error *error = fresh_error();
  void *made = NULL;
  sluice_status status = s->filter->create(s->filter, probe_host, json, &made, error);
  take_back();
  if (status != SLUICE_OK) {
    uint64_t length = error->message_length < error->message_capacity ? error->message_length : error->message_capacity;
    probe_fail("configuration", "create answered %d to %.80s: %.*s", status, probe_task_now->configuration,
               (int)length, error->message);
    return 0;
  }
  s->instance = made;
  return 1;
}

void end_instance(subject *s) {
  s->filter->destroy(s->filter, s->instance);
  s->instance = NULL;
}
