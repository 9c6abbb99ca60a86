/* token_check.c: what one call of an authenticate filter costs. See token_check.py.
 *
 *   token_check PLUGIN CONFIGURATION TOKENS REPEAT
 *
 * TOKENS is a file with a token on each line; each is asked for once (cold), then the first REPEAT times (cached). */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "sluice/sluice.h"

static const void *no_service(const sluice_host *host, sluice_bytes id) {
  (void)host, (void)id;
  return NULL;
}

static uint32_t verdict;
static sluice_status take(void *context, const sluice_authentication *answer) {
  (void)context;
  verdict = answer->verdict;
  return SLUICE_OK;
}

static sluice_bytes text(const char *s) { return (sluice_bytes){(const uint8_t *)s, strlen(s)}; }

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t); /* as `openssl speed`: other load does not count */
  return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static const sluice_authenticate *table;
static void *instance;

static sluice_status ask(const char *token) {
  static char value[20000];
  snprintf(value, sizeof value, "Bearer %s", token);
  sluice_header headers[] = {
      {sizeof headers[0], 0, text("host"), text("gateway.example.org")},
      {sizeof headers[0], 0, text("content-type"), text("application/json")},
      {sizeof headers[0], 0, text("authorization"), text(value)},
      {sizeof headers[0], 0, text("user-agent"), text("benchmark")},
  };
  sluice_head head = {.size = sizeof head, .method = text("POST"), .path = text("/v1/chat/completions"),
                      .headers = {headers, 4, sizeof headers[0]}, .peer_address = text("192.0.2.7")};
  sluice_authenticate_emitter emitter = {.size = sizeof emitter, .emit = take};
  verdict = 99;
  return table->authenticate(instance, &head, &emitter, NULL);
}

int main(int count, char **words) {
  if (count != 5) return 64;
  void *library = dlopen(words[1], RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  sluice_plugin_entry entry = library ? (sluice_plugin_entry)dlsym(library, "sluice_plugin_v1") : NULL;
  if (!entry) return fprintf(stderr, "%s\n", dlerror()), 2;
  static sluice_host host = {.size = sizeof host, .abi_major = SLUICE_ABI_MAJOR, .get_extension = no_service};
  const sluice_plugin *plugin = entry(&host);
  table = plugin->get_extension(plugin, text(SLUICE_AUTHENTICATE_ID));
  if (table->filter->create(table->filter, &host, text(words[2]), &instance, NULL) != SLUICE_OK) return 2;
  static char *tokens[100000];
  size_t lines = 0, size = 0;
  FILE *file = fopen(words[3], "r");
  for (char *line = NULL; file && lines < 100000 && getline(&line, &size, file) > 0; line = NULL, size = 0) {
    line[strcspn(line, "\n")] = 0;
    tokens[lines++] = line;
  }
  if (lines < 2) return 2;
  /* The keys are fetched on a thread of the plugin's. */
  for (int i = 0; i < 500 && ask(tokens[0]) != SLUICE_OK; i++) usleep(10000);
  if (verdict != SLUICE_AUTHENTICATE_ALLOW) return fprintf(stderr, "refused: verdict %u\n", verdict), 1;
  double start = now();
  for (size_t i = 1; i < lines; i++)
    if (ask(tokens[i]) != SLUICE_OK || verdict != SLUICE_AUTHENTICATE_ALLOW) return 1;
  double cold = (now() - start) / (double)(lines - 1);
  long repeat = atol(words[4]);
  const char *same = tokens[lines - 1];
  start = now();
  for (long i = 0; i < repeat; i++)
    if (ask(same) != SLUICE_OK || verdict != SLUICE_AUTHENTICATE_ALLOW) return 1;
  printf("%.2f %.3f %zu\n", cold, (now() - start) / (double)repeat, strlen(same));
  return 0;
}
