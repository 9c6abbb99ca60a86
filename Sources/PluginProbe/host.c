/* host.c: the host's services, as strict as host.h allows. Everything that comes in is listened to. */
#define _GNU_SOURCE
#include "probe.h"

#include <PluginHost.h>

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <time.h>

int listens_for_canaries;
int probe_host_has_completion = 1;

sluice_bytes text_of(const char *text) { return (sluice_bytes){(const uint8_t *)text, strlen(text)}; }

static int is_id(sluice_bytes id, const char *wanted) {
  return id.length == strlen(wanted) && memcmp(id.data, wanted, id.length) == 0;
}

/* ASCII letters without regard to case. */
static int holds(sluice_bytes text, const char *value) {
  size_t length = strlen(value);
  for (size_t i = 0; text.data != NULL && i + length <= text.length; i++) {
    size_t k = 0;
    while (k < length) {
      uint8_t one = text.data[i + k], other = (uint8_t)value[k];
      if (one >= 'A' && one <= 'Z') one |= 32;
      if (other >= 'A' && other <= 'Z') other |= 32;
      if (one != other) break;
      k++;
    }
    if (k == length) return 1;
  }
  return 0;
}

void overheard(const char *where, sluice_bytes text) {
  if (!listens_for_canaries) return;
  for (size_t i = 0; probe_canaries[i] != NULL; i++) {
    if (holds(text, probe_canaries[i])) probe_fail("canary", "text of the exchange came out in %s", where);
  }
}

/* ---- log ---- */

static int is_literal(sluice_bytes text) {
  Dl_info place;
  return text.length == 0 || (text.data != NULL && (dladdr(text.data, &place) != 0 || sluice_isolation_is_literal(text.data)));
}

static void log_write(const sluice_host *host, uint32_t level, sluice_bytes template_text, sluice_array fields) {
  if (host != probe_host) probe_fail("host", "the log was written to with another host's pointer");
  if (level > SLUICE_LOG_ERROR) probe_fail("log", "%u is no level of a log entry", level);
  if (template_text.length > 4096 || !is_literal(template_text)) {
    probe_fail("log", "a template is no literal of the plugin's code: it would not be shown");
    return;
  }
  overheard("a log template", template_text);
  for (uint64_t i = 0; i < fields.count && i < 64; i++) {
    const sluice_log_field *field = (const void *)((const char *)fields.first + i * fields.stride);
    if (field->size < sizeof *field) probe_fail("log", "a field's size is %u, not %zu", field->size, sizeof *field);
    if (!is_literal(field->name)) probe_fail("log", "a field's name is no literal of the plugin's code");
    if (field->disclosure == SLUICE_FIELD_PUBLIC) overheard("a public log field", field->text);
  }
}

static const sluice_host_log log_table = {.size = sizeof log_table, .write = log_write};

/* ---- fingerprints: no secret is at stake here, only that the same value is the same ---- */

static sluice_status compute(const sluice_host *host, sluice_bytes domain, sluice_bytes value, uint8_t *out) {
  if (host != probe_host || out == NULL) {
    probe_fail("host", "a fingerprint was asked for without the host or without a place to put it");
    return SLUICE_ERROR_INTERNAL;
  }
  uint64_t hash[2] = {14695981039346656037u, 1099511628211u * 31};
  for (int half = 0; half < 2; half++) {
    for (uint64_t i = 0; i < domain.length; i++) hash[half] = (hash[half] ^ domain.data[i]) * 1099511628211u;
    hash[half] = (hash[half] ^ 0x100) * 1099511628211u;
    for (uint64_t i = 0; i < value.length; i++) hash[half] = (hash[half] ^ value.data[i]) * 1099511628211u;
  }
  memcpy(out, hash, 16);
  return SLUICE_OK;
}

static const sluice_host_fingerprint fingerprint_table = {.size = sizeof fingerprint_table, .compute = compute};

/* ---- keys: four of them, by the last bits of the digest ---- */

static sluice_status find(const sluice_host *host, const uint8_t *digest, uint32_t *state,
                          const sluice_key_receiver *receiver) {
  if (host != probe_host || digest == NULL || state == NULL) {
    probe_fail("host", "a key was asked for without the host, a digest or a state");
    return SLUICE_ERROR_INTERNAL;
  }
  *state = digest[31] & 3;
  if (*state != SLUICE_KEY_VALID || receiver == NULL || receiver->principal == NULL) return SLUICE_OK;
  sluice_bytes groups[] = {text_of("clinicians"), text_of("research")};
  sluice_principal principal = {.size = sizeof principal,
                                .subject = text_of("ana"),
                                .email = text_of("ana@example.org"),
                                .groups = {groups, 2, sizeof groups[0]},
                                .established = text_of("keys"),
                                .credential = text_of("key_1")};
  receiver->principal(receiver->context, &principal);
  return SLUICE_OK;
}

static const sluice_host_keys keys_table = {.size = sizeof keys_table, .find = find};

/* ---- completion ---- */

enum { TOKENS = 4096 };
static struct { int is_gate, is_completed, is_cancelled; } tokens[TOKENS];
static completion_counts counts;
static pthread_mutex_t token_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t token_changed = PTHREAD_COND_INITIALIZER;

/* A token's number is in its low bits; the rest is a mark by which an invented one is known. */
#define MARK 0x51u
static uint64_t token_of(uint64_t index) { return index + 1 + ((uint64_t)MARK << 40); }
static int64_t index_of(uint64_t token) {
  uint64_t index = token - ((uint64_t)MARK << 40) - 1;
  return token >> 40 == MARK && index < counts.issued && index < TOKENS ? (int64_t)index : -1;
}

uint64_t issue_token(int is_gate) {
  pthread_mutex_lock(&token_lock);
  if (counts.issued < TOKENS) tokens[counts.issued].is_gate = is_gate;
  uint64_t token = token_of(counts.issued++);
  pthread_mutex_unlock(&token_lock);
  return token;
}

void cancel_token(uint64_t token) {
  pthread_mutex_lock(&token_lock);
  int64_t index = index_of(token);
  if (index >= 0) tokens[index].is_cancelled = 1;
  pthread_mutex_unlock(&token_lock);
}

completion_counts completions(void) {
  pthread_mutex_lock(&token_lock);
  completion_counts copy = counts;
  pthread_mutex_unlock(&token_lock);
  return copy;
}

int wait_for_token(uint64_t token, int milliseconds) {
  struct timespec until;
  clock_gettime(CLOCK_REALTIME, &until);
  until.tv_sec += milliseconds / 1000;
  until.tv_nsec += (long)(milliseconds % 1000) * 1000000;
  if (until.tv_nsec >= 1000000000) until.tv_sec++, until.tv_nsec -= 1000000000;
  pthread_mutex_lock(&token_lock);
  int64_t index = index_of(token);
  while (index >= 0 && !tokens[index].is_completed) {
    if (pthread_cond_timedwait(&token_changed, &token_lock, &until) == ETIMEDOUT) break;
  }
  int is_done = index >= 0 && tokens[index].is_completed;
  pthread_mutex_unlock(&token_lock);
  return is_done;
}

static sluice_status complete(const sluice_host *host, uint64_t token, int is_gate) {
  if (host != probe_host) probe_fail("host", "a token was completed with another host's pointer");
  pthread_mutex_lock(&token_lock);
  int64_t index = index_of(token);
  sluice_status status = SLUICE_OK;
  if (index < 0) {
    probe_fail("pending", "a token was completed that the host has not issued");
    status = SLUICE_ERROR_STALE;
  } else if (tokens[index].is_gate != is_gate) {
    probe_fail("pending", "a token of one kind of stage was completed with the answer of the other");
    status = SLUICE_ERROR_STALE;
  } else if (tokens[index].is_completed) {
    probe_fail("pending", "a token was completed twice");
    status = SLUICE_ERROR_STALE;
  } else if (tokens[index].is_cancelled) {
    counts.stale++;
    status = SLUICE_ERROR_STALE;
  } else {
    tokens[index].is_completed = 1;
    counts.completed++;
    pthread_cond_broadcast(&token_changed);
  }
  pthread_mutex_unlock(&token_lock);
  return status;
}

static sluice_status authenticated(const sluice_host *host, uint64_t token, const sluice_authentication *answer) {
  if (answer == NULL || answer->size < sizeof *answer) probe_fail("pending", "a token was completed without an answer");
  else check_authentication(answer, SLUICE_AUTHENTICATE_UNAVAILABLE);
  return complete(host, token, 0);
}

static sluice_status decided(const sluice_host *host, uint64_t token, const sluice_gate_decision *answer) {
  if (answer == NULL || answer->size < DECISION_OF_1_0) probe_fail("pending", "a token was completed without an answer");
  else check_decision(answer);
  return complete(host, token, 1);
}

static const sluice_host_completion completion_table = {
    .size = sizeof completion_table, .authenticated = authenticated, .decided = decided};

/* ---- history: nobody has sent anything before ---- */

static sluice_status count_history(const sluice_host *host, sluice_bytes subject, int64_t time, uint64_t window,
                                   sluice_bytes kind, sluice_array fingerprints, uint64_t *distinct) {
  (void)time, (void)kind;
  if (host != probe_host || distinct == NULL || (subject.data == NULL && subject.length > 0)) {
    probe_fail("host", "history was asked for without the host, a subject or a place for the number");
    return SLUICE_ERROR_INTERNAL;
  }
  if (window < 1 || window > 86400) {
    probe_fail("host", "history was asked for over %llu s, not 1 to 86400", (unsigned long long)window);
    return SLUICE_ERROR_INPUT;
  }
  if (fingerprints.count > 0 && (fingerprints.first == NULL || fingerprints.stride < sizeof(sluice_bytes))) {
    probe_fail("host", "history was given fingerprints whose stride is %llu", (unsigned long long)fingerprints.stride);
    return SLUICE_ERROR_INPUT;
  }
  *distinct = 0;
  for (uint64_t i = 0; i < fingerprints.count; i++) {
    const sluice_bytes *one = (const void *)((const char *)fingerprints.first + i * fingerprints.stride);
    if (one->length != 16) {
      probe_fail("host", "history was given a fingerprint of %llu bytes", (unsigned long long)one->length);
      return SLUICE_ERROR_INPUT;
    }
    int is_new = 1;
    for (uint64_t k = 0; k < i && is_new; k++) {
      const sluice_bytes *other = (const void *)((const char *)fingerprints.first + k * fingerprints.stride);
      is_new = memcmp(one->data, other->data, 16) != 0;
    }
    *distinct += (uint64_t)is_new;
  }
  return SLUICE_OK;
}

static const sluice_host_history history_table = {.size = sizeof history_table, .count = count_history};

/* ---- the host ---- */

static const void *get_extension(const sluice_host *host, sluice_bytes id) {
  if (host != probe_host) probe_fail("host", "get_extension was called with another host's pointer");
  if (is_id(id, SLUICE_HOST_LOG_ID)) return &log_table;
  if (is_id(id, SLUICE_HOST_FINGERPRINT_ID)) return &fingerprint_table;
  if (is_id(id, SLUICE_HOST_KEYS_ID)) return &keys_table;
  if (is_id(id, SLUICE_HOST_HISTORY_ID)) return &history_table;
  if (is_id(id, SLUICE_HOST_COMPLETION_ID) && probe_host_has_completion) return &completion_table;
  return NULL;
}

static const sluice_host host = {.size = sizeof host,
                                 .abi_major = SLUICE_ABI_MAJOR,
                                 .abi_minor = SLUICE_ABI_MINOR,
                                 .version = {(const uint8_t *)"sluice plugin check", 19},
                                 .get_extension = get_extension};
const sluice_host *const probe_host = &host;
