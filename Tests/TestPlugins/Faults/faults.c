/* A detector that finds digits, and does what no plugin may where its text says so. */
#define _GNU_SOURCE
#include "sluice/sluice.h"
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static const sluice_bytes kind = {(const uint8_t *)"DIGITS", 6}, rule = {(const uint8_t *)"faults/digits", 13};

/* As the host lays it out (Sources/PluginHost/channel.h). */
#define SLOT (192 + (256 << 10))
#define REGION (17 * (size_t)SLOT)

static uint8_t *region;

/* Of which instance a session is: a process may have instances for several hosts at once. */
struct instance {
  const sluice_host *host;
  const sluice_host_completion *completion;
};

/* Whether a byte can be read, without dying of it. */
static int is_mapped(const void *address) {
  static int ends[2] = {-1, -1};
  if (ends[0] < 0 && pipe(ends)) return 0;
  char byte;
  return write(ends[1], address, 1) == 1 && read(ends[0], &byte, 1) == 1;
}

/* The program's own variables point to the memory that it shares with the host: it is looked for there. */
static int look_for_region(struct dl_phdr_info *info, size_t size, void *context) {
  (void)size, (void)context;
  for (int i = 0; i < info->dlpi_phnum; i++) {
    const ElfW(Phdr) *part = &info->dlpi_phdr[i];
    if (part->p_type != PT_LOAD || !(part->p_flags & PF_W)) continue;
    uintptr_t *first = (uintptr_t *)(info->dlpi_addr + part->p_vaddr);
    for (uintptr_t *at = first; at < first + part->p_memsz / sizeof *at && !region; at++) {
      if (!*at || *at % 4096 || !is_mapped(at) || !is_mapped((void *)*at)) continue;
      uint8_t *candidate = (uint8_t *)*at;
      if (!is_mapped(candidate + 16 * (size_t)SLOT) || !is_mapped(candidate + REGION - 1)) continue;
      uint32_t first_turn = *(uint32_t *)candidate, last_turn = *(uint32_t *)(candidate + 16 * (size_t)SLOT);
      if ((first_turn == 1 || first_turn == 2) && last_turn == 2) region = candidate;
    }
  }
  return 1; /* the program alone, which comes first */
}

static int says(sluice_bytes text, const char *word) { return memmem(text.data, text.length, word, strlen(word)) != NULL; }

/* Writes random words over the region's control words, for ever, and over all of it where it may. */
static void *overwrite(void *everything) {
  unsigned seed = (unsigned)(uintptr_t)&seed;
  for (;;)
    for (int slot = 0; slot < 17; slot++)
      for (int word = 0; word < (everything ? 2048 : 48); word++) {
        uint32_t random = (uint32_t)rand_r(&seed);
        /* Words that mean something now and then: so that what is behind the first check is reached too. */
        ((volatile uint32_t *)(region + slot * (size_t)SLOT))[word] = random & 1 ? random % 5 : random;
      }
  return NULL;
}

static void *sleep_for_ever(void *nothing) {
  for (;;) pause();
  return nothing;
}

/* Whether an attempt succeeded: then what it did is told as a finding that the host must not see. */
static int attempt(const char **what, sluice_bytes text) {
  if (says(text, "try-socket")) return *what = "socket", socket(AF_INET, SOCK_STREAM, 0) >= 0;
  if (says(text, "try-unix")) return *what = "unix", socket(AF_UNIX, SOCK_STREAM, 0) >= 0;
  if (says(text, "try-open")) return *what = "open", open("/etc/passwd", O_RDONLY) >= 0;
  if (says(text, "try-create")) return *what = "create", open("/tmp/sluice-fault", O_CREAT | O_WRONLY, 0600) >= 0;
  if (says(text, "try-fork")) return *what = "fork", fork() >= 0;
  if (says(text, "try-exec")) return *what = "exec", execl("/bin/true", "true", NULL) == 0;
  if (says(text, "try-ptrace")) return *what = "ptrace", ptrace(PTRACE_TRACEME, 0, 0, 0) == 0;
  if (says(text, "try-kill")) return *what = "kill", kill(getppid() > 0 ? getppid() : 1, 0) == 0;
  if (says(text, "try-descriptors")) {
    for (int descriptor = 3; descriptor < 128; descriptor++)
      if (descriptor != 4 && fcntl(descriptor, F_GETFD) >= 0) return *what = "descriptors", 1;
    return 0;
  }
  if (says(text, "try-environment")) return *what = "environment", getenv("PATH") || getenv("HOME");
  return 0;
}

static sluice_status feed(void *session, const sluice_segment *segment, uint64_t base, sluice_bytes text, uint32_t last,
                          const sluice_finding_emitter *emitter, uint64_t *safe_through, sluice_error *error) {
  (void)segment, (void)last;
  const char *what = NULL;
  if (says(text, "crash")) raise(SIGSEGV);
  if (says(text, "exit")) _exit(0);
  if (says(text, "hang")) for (;;) pause();
  if (says(text, "slower")) sleep(3);
  if (says(text, "leak")) {
    static void *volatile leaked; /* else a compiler leaves the memory out that nobody reads */
    for (;;) {
      if (!(leaked = malloc(1 << 20))) abort();
      memset(leaked, 1, 1 << 20);
    }
  }
  if (says(text, "threads")) {
    pthread_t thread;
    while (pthread_create(&thread, NULL, sleep_for_ever, NULL) == 0) {}
    abort();
  }
  if (says(text, "flood")) {
    static const char id[] = SLUICE_HOST_LOG_ID;
    const sluice_host *host = *(const sluice_host **)session;
    const sluice_host_log *log = host->get_extension(host, (sluice_bytes){(const uint8_t *)id, sizeof id - 1});
    const sluice_bytes said = {(const uint8_t *)"flooded", 7};
    for (int i = 0; i < 3000; i++) log->write(host, SLUICE_LOG_INFO, said, (sluice_array){0});
  }
  if (says(text, "gush")) {
    static uint8_t much[64 << 10];
    for (int i = 0; i < 1200; i++) {
      sluice_finding finding = {sizeof finding, 10000, base, base + 1, {much, sizeof much}, rule};
      emitter->emit(emitter->context, &finding);
    }
  }
  if (says(text, "scribble")) {
    dl_iterate_phdr(look_for_region, NULL);
    if (!region) return SLUICE_ERROR_LIMIT; /* the test expects that it is found */
    pthread_t thread;
    pthread_create(&thread, NULL, overwrite, says(text, "everything") ? region : NULL);
    usleep(2000);
  }
  if (attempt(&what, text)) {
    error->message_length = (uint64_t)snprintf((char *)error->message, error->message_capacity, "succeeded: %s", what);
    return SLUICE_ERROR_INTERNAL;
  }
  for (uint64_t i = 0; i < text.length; i++)
    if (text.data[i] >= '0' && text.data[i] <= '9') {
      sluice_finding finding = {sizeof finding, 10000, base + i, base + i + 1, kind, rule};
      emitter->emit(emitter->context, &finding);
    }
  *safe_through = base + text.length;
  return SLUICE_OK;
}

static uint64_t maximum_hold(void *instance) { (void)instance; return 0; }
static sluice_status open_session(void *instance, const sluice_exchange *exchange, void **session, sluice_error *error) {
  (void)exchange, (void)error;
  const sluice_host **own = malloc(sizeof *own);
  if (own) *own = ((struct instance *)instance)->host;
  *session = own;
  return own ? SLUICE_OK : SLUICE_ERROR_INTERNAL;
}
/* ---- an authenticate filter that answers later, as the field "x-subject" says ---- */

typedef struct answer {
  struct instance of;
  uint64_t token;
  char subject[64];
} answer;

static sluice_status answer_now(const answer *a) {
  sluice_principal principal = {.size = sizeof principal, .subject = {(const uint8_t *)a->subject, strlen(a->subject)}};
  sluice_authentication allow = {.size = sizeof allow, .verdict = SLUICE_AUTHENTICATE_ALLOW, .principal = &principal};
  return a->of.completion->authenticated(a->of.host, a->token, &allow);
}

static void *answer_later(void *context) {
  answer *a = context;
  if (!strstr(a->subject, "at-once")) usleep(20000);
  if (strstr(a->subject, "crash")) raise(SIGSEGV);
  /* One that was never given out, and one a second time, are stale. */
  answer wrong = *a;
  wrong.token ^= 0x5555;
  int is_wrong = answer_now(&wrong) != SLUICE_ERROR_STALE;
  if (answer_now(a) == SLUICE_OK && answer_now(a) != SLUICE_ERROR_STALE) is_wrong = 1;
  if (is_wrong) abort();
  free(a);
  return NULL;
}

static sluice_status authenticate(void *instance, const sluice_head *head, const sluice_authenticate_emitter *emitter,
                                  sluice_error *error) {
  (void)emitter, (void)error;
  for (uint64_t i = 0; i < head->headers.count; i++) {
    const sluice_header *field = (const void *)((const char *)head->headers.first + i * head->headers.stride);
    if (field->name.length != 9 || memcmp(field->name.data, "x-subject", 9) != 0) continue;
    answer *a = calloc(1, sizeof *a);
    a->of = *(struct instance *)instance;
    a->token = head->token;
    memcpy(a->subject, field->value.data, field->value.length < 63 ? field->value.length : 63);
    pthread_t thread;
    if (strcmp(a->subject, "never") == 0) return SLUICE_PENDING;
    if (pthread_create(&thread, NULL, answer_later, a)) return SLUICE_ERROR_INTERNAL;
    pthread_detach(thread);
    if (strstr(a->subject, "at-once")) usleep(20000);
    return SLUICE_PENDING;
  }
  sluice_authentication none = {.size = sizeof none, .verdict = SLUICE_AUTHENTICATE_CHALLENGE};
  return emitter->emit(emitter->context, &none);
}

static void cancel(void *instance, uint64_t token) {
  (void)instance, (void)token;
}

static sluice_status create(const sluice_filter *filter, const sluice_host *host, sluice_bytes configuration,
                            void **instance, sluice_error *error) {
  (void)filter, (void)configuration, (void)error;
  static const char id[] = SLUICE_HOST_COMPLETION_ID;
  struct instance *made = malloc(sizeof *made);
  if (!made) return SLUICE_ERROR_INTERNAL;
  made->host = host;
  made->completion = host->get_extension(host, (sluice_bytes){(const uint8_t *)id, sizeof id - 1});
  *instance = made;
  return SLUICE_OK;
}
static void destroy(const sluice_filter *filter, void *instance) { (void)filter; free(instance); }

#define TEXT(literal) {(const uint8_t *)literal, sizeof literal - 1}
static const sluice_filter filter = {sizeof filter, 0, TEXT("test-faults"), TEXT("Breaks rules."),
                                     TEXT("{\"type\":\"object\",\"additionalProperties\":false}"), NULL, NULL, create, destroy};
static const sluice_detect detect = {sizeof detect, 0, &filter, maximum_hold, open_session, feed, free};
static const sluice_authenticate later = {sizeof later, 0, &filter, authenticate, cancel};
static const void *extension(const sluice_plugin *plugin, sluice_bytes id) {
  (void)plugin;
  if (id.length == strlen(SLUICE_AUTHENTICATE_ID) && memcmp(id.data, SLUICE_AUTHENTICATE_ID, id.length) == 0) return &later;
  return id.length == strlen(SLUICE_DETECT_ID) && memcmp(id.data, SLUICE_DETECT_ID, id.length) == 0 ? &detect : NULL;
}
static const sluice_plugin plugin = {sizeof plugin, SLUICE_ABI_MAJOR, SLUICE_ABI_MINOR, 0, TEXT("org.sluice.test.faults"),
                                     TEXT("1.0.0"), extension};
SLUICE_NOTE("org.sluice.test.faults", "sluice.detect/1 sluice.authenticate/1")
const sluice_plugin *sluice_plugin_v1(const sluice_host *host) { (void)host; return &plugin; }
