/* PluginProbe.h: one test of one filter, run as a process of its own. */
#ifndef PLUGIN_PROBE_H
#define PLUGIN_PROBE_H

#include <stdint.h>

/* What to test. Texts end with a NUL. */
typedef struct probe_task {
  const char *library;       /* path of the shared library */
  const char *kind;          /* "detect", "mask", ...; "" for rules about the plugin as a whole */
  const char *rule;          /* one of the names of docs/filter-abi.md */
  const char *configuration; /* canonical JSON for the kind's filter */
  const char *texts;         /* path of a file of more texts, one a line; "" for none */
  const char *state;         /* of sinks: a file that outlives the process */
  const char *isolated;      /* the plugin runs in a child, and may use this folder alone; "": in this process */
  const char *allowed;       /* what that child may do besides: lines of "read PATH", "write PATH" and "port NUMBER" */
  uint64_t seed;
  int report; /* a descriptor: one line for each result, tab-separated (report.c) */
} probe_task;

/* A value in the texts that must not be seen anywhere else; NULL past the last one. */
const char *probe_canary(int index);

/* Runs the test. What it finds goes to the report; the exit status is 0 also where a rule was broken, and anything
 * else, or a signal, means that the plugin took the process down with it. */
int probe_run(const probe_task *task);

#endif
