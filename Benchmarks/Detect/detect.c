/* detect.c: what a detector costs and finds, called through the ABI as the gateway calls it, without JSON around it.
 *
 *     detect [-c CONFIGURATION] [-n BYTES] [-p BYTES] [-r TIMES] [-f FINDINGS] LIBRARY FILE...
 *
 * Each file is read whole and cut into texts of at most -n bytes (0: none is cut). Each text is fed at once, or in pieces of -p
 * bytes. The first pass is not timed. Prints one line of JSON: seconds of user CPU, bytes, findings, their digest, the seconds of
 * start-up (loading and create), and the peak of resident memory, of which what the files take is said. */
#include "sluice/sluice.h"
#include <dlfcn.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

static FILE *output;
static uint64_t findings, digest = 1469598103934665603u, text_number;

static void mix(uint64_t value) { digest = (digest ^ value) * 1099511628211u; }

static sluice_status take(void *context, const sluice_finding *finding) {
  (void)context;
  findings++;
  mix(finding->start), mix(finding->end), mix(finding->confidence);
  for (uint64_t at = 0; at < finding->kind.length; at++) mix(finding->kind.data[at]);
  for (uint64_t at = 0; at < finding->detector.length; at++) mix(finding->detector.data[at]);
  if (output)
    fprintf(output, "%" PRIu64 " %" PRIu64 " %" PRIu64 " %.*s %u %.*s\n", text_number, finding->start, finding->end,
            (int)finding->kind.length, (const char *)finding->kind.data, finding->confidence, (int)finding->detector.length,
            (const char *)finding->detector.data);
  return SLUICE_OK;
}

static const void *nothing(const sluice_host *host, sluice_bytes id) { return (void)host, (void)id, NULL; }
static const sluice_host host = {sizeof host, SLUICE_ABI_MAJOR, SLUICE_ABI_MINOR, 0, {(const uint8_t *)"bench", 5}, nothing};
static const sluice_finding_emitter emitter = {sizeof emitter, 0, NULL, take};

static sluice_bytes bytes(const char *text) { return (sluice_bytes){(const uint8_t *)text, strlen(text)}; }

static double user_seconds(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return (double)usage.ru_utime.tv_sec + (double)usage.ru_utime.tv_usec / 1e6;
}
static double wall_seconds(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static uint8_t *read_file(const char *path, uint64_t *length) {
  FILE *file = fopen(path, "rb");
  if (!file || fseek(file, 0, SEEK_END)) return perror(path), NULL;
  long size = ftell(file);
  uint8_t *text = malloc((size_t)size + 1);
  rewind(file);
  if (!text || fread(text, 1, (size_t)size, file) != (size_t)size) return perror(path), NULL;
  fclose(file);
  *length = (uint64_t)size;
  return text;
}

static int feed(const sluice_detect *detect, void *instance, const uint8_t *text, uint64_t length, uint64_t piece) {
  void *session;
  char message[512];
  sluice_error error = {.size = sizeof error, .message = (uint8_t *)message, .message_capacity = sizeof message};
  sluice_exchange exchange = {.size = sizeof exchange};
  if (detect->open(instance, &exchange, &session, &error)) return 1;
  sluice_segment segment = {.size = sizeof segment, .id = 1, .role = SLUICE_ROLE_USER, .pointer = bytes("/content"),
                            .name = bytes("content")};
  int failed = 0;
  for (uint64_t base = 0, safe = 0; !failed && base < length;) {
    uint64_t count = piece && piece < length - base ? piece : length - base;
    failed = detect->feed(session, &segment, base, (sluice_bytes){text + base, count}, base + count == length, &emitter, &safe,
                          &error) < 0;
    base += count;
  }
  if (failed) fprintf(stderr, "detect: %.*s\n", (int)error.message_length, message);
  detect->close(session);
  return failed;
}

/* Of this program alone: what getrusage says has the program in it that started this one. */
static long peak_kib(void) {
  char line[256];
  long peak = 0;
  FILE *status = fopen("/proc/self/status", "r");
  while (status && fgets(line, sizeof line, status))
    if (sscanf(line, "VmHWM: %ld", &peak) == 1) break;
  if (status) fclose(status);
  return peak;
}

int main(int count, char **arguments) {
  const char *configuration = "{}", *written = NULL;
  uint64_t most = 4096, piece = 0;
  int times = 3, option;
  while ((option = getopt(count, arguments, "c:n:p:r:f:")) != -1) switch (option) {
    case 'c': configuration = optarg; break;
    case 'n': most = strtoull(optarg, NULL, 10); break;
    case 'p': piece = strtoull(optarg, NULL, 10); break;
    case 'r': times = atoi(optarg); break;
    case 'f': written = optarg; break;
    default: return 64;
    }
  if (optind >= count) return fprintf(stderr, "usage: detect [options] LIBRARY FILE...\n"), 64;
  char *config = NULL;
  if (configuration[0] == '@') {
    uint64_t length;
    if (!(config = (char *)read_file(configuration + 1, &length))) return 66;
    config[length] = 0;
    configuration = config;
  }
  double wall = wall_seconds(), user = user_seconds();
  void *library = dlopen(arguments[optind], RTLD_NOW | RTLD_LOCAL);
  sluice_plugin_entry entry = library ? (sluice_plugin_entry)(uintptr_t)dlsym(library, "sluice_plugin_v1") : NULL;
  const sluice_plugin *plugin = entry ? entry(&host) : NULL;
  const sluice_detect *detect = plugin ? plugin->get_extension(plugin, bytes(SLUICE_DETECT_ID)) : NULL;
  if (!detect) return fprintf(stderr, "detect: no detector: %s\n", dlerror()), 66;
  char message[512];
  sluice_error error = {.size = sizeof error, .message = (uint8_t *)message, .message_capacity = sizeof message};
  void *instance;
  if (detect->filter->create(detect->filter, &host, bytes(configuration), &instance, &error))
    return fprintf(stderr, "detect: %.*s\n", (int)error.message_length, message), 65;
  double start_wall = wall_seconds() - wall, start_user = user_seconds() - user;
  output = written ? fopen(written, "w") : NULL;

  double seconds = 0;
  uint64_t total = 0, held = 0;
  for (int pass = 0; pass <= times; pass++) {
    for (int index = optind + 1; index < count; index++) {
      uint64_t length;
      uint8_t *text = read_file(arguments[index], &length);
      if (!text) return 66;
      if (length > held) held = length;
      double began = user_seconds();
      for (uint64_t at = 0; at < length; text_number++) {
        uint64_t size = most && most < length - at ? most : length - at;
        // A text ends where a line does, so that it is one.
        if (size < length - at)
          for (uint64_t end = size; end > size / 2; end--)
            if (text[at + end - 1] == '\n') {
              size = end;
              break;
            }
        if (feed(detect, instance, text + at, size, piece)) return 1;
        at += size;
      }
      if (pass > 0) seconds += user_seconds() - began, total += length;
      free(text);
    }
    if (output) fclose(output), output = NULL;
    if (pass == 0) {
      printf("{\"findings\":%" PRIu64 ",\"digest\":\"%016" PRIx64 "\"", findings, digest);
      text_number = 0;
    }
  }
  printf(",\"bytes\":%" PRIu64 ",\"seconds\":%.4f,\"mb_s\":%.3f,\"start_user\":%.4f,\"start_wall\":%.4f,\"peak_kib\":%ld,"
         "\"file_kib\":%" PRIu64 "}\n",
         total, seconds, seconds > 0 ? (double)total / seconds / 1e6 : 0, start_user, start_wall, peak_kib(), held >> 10);
  detect->filter->destroy(detect->filter, instance);
  free(config);
  return 0;
}
