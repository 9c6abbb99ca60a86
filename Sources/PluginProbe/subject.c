/* subject.c: a plugin is loaded, and its tables are looked at. */
#define _GNU_SOURCE
#include "probe.h"

#include <dirent.h>
#include <PluginHost.h>
#include <SealedMemory.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
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

/* The library's bytes, as a child is given them. */
static int32_t sealed_library(void) {
  int file = open(probe_task_now->library, O_RDONLY | O_CLOEXEC);
  struct stat status;
  int32_t sealed = -1;
  if (file >= 0 && fstat(file, &status) == 0 && status.st_size > 0) {
    void *bytes = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, file, 0);
    if (bytes != MAP_FAILED) sealed = sluice_seal("plugin", bytes, (size_t)status.st_size), munmap(bytes, (size_t)status.st_size);
  }
  if (file >= 0) close(file);
  return sealed;
}

/* The texts of one word's lines, each ended by a NUL, ended by an empty one, as a policy has them. */
static void allowed(const char *word, char *list, size_t capacity) {
  size_t length = strlen(list) + (list[0] != 0);
  size_t prefix = strlen(word);
  for (const char *line = probe_task_now->allowed; *line != 0;) {
    size_t end = strcspn(line, "\n");
    if (end > prefix + 1 && strncmp(line, word, prefix) == 0 && line[prefix] == ' ' && length + end - prefix + 1 < capacity) {
      memcpy(list + length, line + prefix + 1, end - prefix - 1);
      length += end - prefix; /* with its NUL: the list is zero to begin with */
    }
    line += end + (line[end] != 0);
  }
}

/* The plugin in a process of its own: the same tables, whose functions are calls. */
static void load_isolated(void) {
  char executable[4096], message[1024];
  static char read[16384], write[16384], ports[1024];
  ssize_t length = readlink("/proc/self/exe", executable, sizeof executable - 1);
  if (length <= 0) return;
  executable[length] = 0;
  snprintf(read, 4096, "%s", probe_task_now->isolated);
  snprintf(write, 4096, "%s", probe_task_now->isolated);
  allowed("read", read, sizeof read);
  allowed("write", write, sizeof write);
  allowed("port", ports, sizeof ports);
  sluice_isolation_policy policy = {read, write, ports, (uint64_t)1 << 30, 60000, 60000, 1000};
  int32_t library = sealed_library();
  if (library < 0) {
    probe_fail("dependencies", "%s can't be read, or not be copied into memory", probe_task_now->library);
    return;
  }
  plugin = sluice_isolation_start(executable, probe_task_now->library, library, probe_host, &policy, message, sizeof message);
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
