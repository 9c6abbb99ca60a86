/* run.c: which test is run. */
#define _GNU_SOURCE
#include "probe.h"

#include <dlfcn.h>
#include <stdio.h>

/* The entry: nothing but a table, and none for a host of another major number. */
static void entry(void) {
  void *handle = dlopen(probe_task_now->library, RTLD_NOW | RTLD_LOCAL | RTLD_NOLOAD);
  sluice_plugin_entry function;
  *(void **)&function = handle != NULL ? dlsym(handle, "sluice_plugin_v1") : NULL;
  if (function == NULL) return;
  static sluice_host other;
  other = *probe_host;
  other.abi_major = SLUICE_ABI_MAJOR + 1;
  const sluice_plugin *answer = function(&other);
  if (answer != NULL && answer->abi_major == SLUICE_ABI_MAJOR) {
    probe_fail("entry", "it hands its table of ABI %u to a host of ABI %u", SLUICE_ABI_MAJOR, other.abi_major);
  }
  probe_pass("it hands out its table, and refuses a host of another major number");
}

/* Which of the stages' extensions it has. */
static void list_kinds(void) {
  static const char *const kinds[] = {"authenticate", "guard", "detect", "mask", "score", "gate", "notify", "sink"};
  for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
    if (the_plugin()->get_extension(the_plugin(), text_of(extension_of(kinds[i]))) == NULL) continue;
    dprintf(probe_task_now->report, "kind\t%s\t\n", kinds[i]);
  }
  const sluice_plugin *plugin = the_plugin();
  dprintf(probe_task_now->report, "id\t\t%.*s\n", (int)(plugin->id.length < 128 ? plugin->id.length : 128), plugin->id.data);
  dprintf(probe_task_now->report, "version\t\t%.*s\n", (int)(plugin->version.length < 64 ? plugin->version.length : 64),
          plugin->version.data);
}

int probe_run(const probe_task *task) {
  probe_task_now = task;
  load_more_texts(task->texts);
  load_library();
  if (the_plugin() == NULL) return 0;
  if (strcmp(task->rule, "entry") == 0) {
    if (task->isolated[0] != 0) probe_pass("it hands out its table in a process of its own, without files and network");
    else entry();
    return 0;
  }
  if (strcmp(task->rule, "kinds") == 0) {
    list_kinds();
    return 0;
  }
  subject s;
  if (!find_filter(&s, task->kind)) return 0;
  if (!run_rule(task->rule, &s)) probe_fail("probe", "there is no rule '%s'", task->rule);
  return 0;
}
