/* call.c: what one `feed` costs, in process and isolated, for several lengths of text. */
#include "PluginHost.h"
#include "SealedMemory.h"
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define CALLS 20000

static const void *nothing(const sluice_host *host, sluice_bytes id) { return (void)host, (void)id, NULL; }
static const sluice_host host = {sizeof host, SLUICE_ABI_MAJOR, SLUICE_ABI_MINOR, 0, {(const uint8_t *)"bench", 5}, nothing};
static sluice_status ignore(void *context, const sluice_finding *finding) { return (void)context, (void)finding, SLUICE_OK; }

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}
static int ascending(const void *a, const void *b) { return (*(double *)a > *(double *)b) - (*(double *)a < *(double *)b); }

static int measure(const char *name, const sluice_plugin *plugin) {
  const sluice_detect *detect =
      plugin->get_extension(plugin, (sluice_bytes){(const uint8_t *)SLUICE_DETECT_ID, strlen(SLUICE_DETECT_ID)});
  void *instance, *session;
  sluice_exchange exchange = {.size = sizeof exchange};
  if (!detect || detect->filter->create(detect->filter, &host, (sluice_bytes){(const uint8_t *)"{}", 2}, &instance, NULL) ||
      detect->open(instance, &exchange, &session, NULL))
    return 1;
  static uint8_t text[256 << 10];
  static double times[CALLS];
  memset(text, 'a', sizeof text);
  sluice_finding_emitter emitter = {sizeof emitter, 0, NULL, ignore};
  const uint64_t lengths[] = {0, 2 << 10, 32 << 10, 256 << 10};
  for (int length = 0; length < 4; length++) {
    sluice_segment segment = {.size = sizeof segment, .id = (uint64_t)length};
    uint64_t base = 0, safe = 0;
    for (int call = -1000; call < CALLS; call++) {
      double began = now();
      if (detect->feed(session, &segment, base, (sluice_bytes){text, lengths[length]}, 0, &emitter, &safe, NULL)) return 1;
      if (call >= 0) times[call] = now() - began;
      base += lengths[length];
    }
    qsort(times, CALLS, sizeof *times, ascending);
    printf("%-10s %4llu KB  median %8.2f µs  p99 %8.2f µs\n", name, (unsigned long long)lengths[length] >> 10,
           times[CALLS / 2], times[CALLS * 99 / 100]);
  }
  detect->close(session);
  detect->filter->destroy(detect->filter, instance);
  return 0;
}

int main(int count, char **arguments) {
  if (count == 3 && strcmp(arguments[1], "plugin-host") == 0) return sluice_plugin_host_main(atoi(arguments[2]));
  if (count != 2) return fprintf(stderr, "call: call LIBRARY\n"), 64;
  void *library = dlopen(arguments[1], RTLD_NOW | RTLD_LOCAL);
  sluice_plugin_entry entry = library ? (sluice_plugin_entry)(uintptr_t)dlsym(library, "sluice_plugin_v1") : NULL;
  if (!entry) return fprintf(stderr, "call: no plugin\n"), 2;
  sluice_isolation_policy policy = {"", "", "", 1 << 28, 2000, 10000, 5000};
  char message[1024] = "";
  static uint8_t bytes[16 << 20];
  FILE *file = fopen(arguments[1], "rb");
  size_t length = file ? fread(bytes, 1, sizeof bytes, file) : 0;
  int32_t sealed = sluice_seal("null", bytes, length);
  if (!length || sealed < 0) return fprintf(stderr, "call: %s can't be read\n", arguments[1]), 2;
  const sluice_plugin *isolated =
      sluice_isolation_start("/proc/self/exe", arguments[1], sealed, &host, &policy, message, sizeof message);
  if (!isolated) return fprintf(stderr, "call: %s\n", message), 2;
  return measure("in process", entry(&host)) || measure("isolated", isolated);
}
