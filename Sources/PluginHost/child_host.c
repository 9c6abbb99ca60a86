/* child_host.c: what the plugin asks of the host. */
#include "child.h"
#include <pthread.h>

static pthread_mutex_t upcalls = PTHREAD_MUTEX_INITIALIZER;

/* A host that does not answer has ended, and so this process has. */
void child_ask(wire_writer *question, wire_writer *answer) {
  side unasked = side_of(UPCALLS), *way = child_side ? child_side : &unasked;
  if (!child_side) pthread_mutex_lock(&upcalls);
  uint32_t kind;
  if (question->broken || channel_send(way, PACKET_UPCALL, question, 0) ||
      channel_receive(way, &kind, answer, 0))
    _exit(3);
  if (!child_side) pthread_mutex_unlock(&upcalls);
  free(question->bytes);
}

static void log_write(const sluice_host *host, uint32_t level, sluice_bytes template_text, sluice_array fields) {
  (void)host;
  wire_writer w = {0}, answer = {0};
  uint64_t count = fields.count > 16 ? 16 : fields.count;
  put32(&w, UP_LOG), put32(&w, level), put_bytes(&w, template_text), put64(&w, count);
  for (uint64_t i = 0; i < count; i++) {
    const sluice_log_field *field = element(fields, i);
    put32(&w, field->disclosure), put_bytes(&w, field->name), put32(&w, field->text.data != NULL);
    put_bytes(&w, field->text), put64(&w, (uint64_t)field->number);
  }
  child_ask(&w, &answer), free(answer.bytes);
}

static sluice_status fingerprint(const sluice_host *host, sluice_bytes domain, sluice_bytes value, uint8_t *out) {
  (void)host;
  wire_writer w = {0}, answer = {0};
  put32(&w, UP_FINGERPRINT), put_bytes(&w, domain), put_bytes(&w, value);
  child_ask(&w, &answer);
  wire_reader r = {answer.bytes, answer.length, 0, 0};
  sluice_status status = (sluice_status)take32(&r);
  sluice_bytes made = take_bytes(&r);
  if (status == SLUICE_OK && made.length == 16) memcpy(out, made.data, 16);
  free(answer.bytes);
  return status;
}

static sluice_status find_key(const sluice_host *host, const uint8_t *digest, uint32_t *state,
                              const sluice_key_receiver *receiver) {
  (void)host;
  wire_writer w = {0}, answer = {0};
  put32(&w, UP_KEY), put_bytes(&w, (sluice_bytes){digest, 32});
  child_ask(&w, &answer);
  wire_reader r = {answer.bytes, answer.length, 0, 0};
  sluice_status status = (sluice_status)take32(&r);
  *state = take32(&r);
  sluice_principal principal;
  if (take_principal(&r, &principal) && receiver) receiver->principal(receiver->context, &principal);
  free((void *)principal.groups.first), free(answer.bytes);
  return status;
}

static sluice_status complete(wire_writer *w) {
  wire_writer answer = {0};
  child_ask(w, &answer);
  wire_reader r = {answer.bytes, answer.length, 0, 0};
  sluice_status status = (sluice_status)take32(&r);
  free(answer.bytes);
  return status;
}
static sluice_status authenticated(const sluice_host *host, uint64_t token, const sluice_authentication *given) {
  (void)host;
  sluice_authentication a = {0};
  if (!given || given->size < 8) return SLUICE_ERROR_DENIED;
  memcpy(&a, given, given->size < sizeof a ? given->size : sizeof a);
  wire_writer w = {0};
  put32(&w, UP_AUTHENTICATED), put64(&w, token), put_authentication(&w, &a);
  return complete(&w);
}
static sluice_status decided(const sluice_host *host, uint64_t token, const sluice_gate_decision *given) {
  (void)host;
  sluice_gate_decision d = {0};
  if (!given || given->size < 8) return SLUICE_ERROR_DENIED;
  memcpy(&d, given, given->size < sizeof d ? given->size : sizeof d);
  wire_writer w = {0};
  put32(&w, UP_DECIDED), put64(&w, token), put_decision(&w, &d);
  return complete(&w);
}

static sluice_status count_history(const sluice_host *host, sluice_bytes subject, int64_t time, uint64_t window,
                                   sluice_bytes kind, sluice_array fingerprints, uint64_t *distinct) {
  (void)host;
  wire_writer w = {0}, answer = {0};
  put32(&w, UP_HISTORY), put_bytes(&w, subject), put64(&w, (uint64_t)time), put64(&w, window), put_bytes(&w, kind);
  put_texts(&w, fingerprints);
  child_ask(&w, &answer);
  wire_reader r = {answer.bytes, answer.length, 0, 0};
  sluice_status status = (sluice_status)take32(&r);
  uint64_t count = take64(&r);
  if (status == SLUICE_OK && distinct) *distinct = count;
  free(answer.bytes);
  return status;
}

static const sluice_host_history history_table = {sizeof history_table, 0, count_history};
static const sluice_host_completion completion_table = {sizeof completion_table, 0, authenticated, decided};
static const sluice_host_log log_table = {sizeof log_table, 0, log_write};
static const sluice_host_fingerprint fingerprint_table = {sizeof fingerprint_table, 0, fingerprint};
static const sluice_host_keys keys_table = {sizeof keys_table, 0, find_key};

static int is_id(sluice_bytes id, const char *name) {
  return id.length == strlen(name) && memcmp(id.data, name, id.length) == 0;
}
/* Whether the host has it: it may note that somebody asked. */
static int host_has(sluice_bytes id) {
  wire_writer w = {0}, answer = {0};
  put32(&w, UP_EXTENSION), put_bytes(&w, id);
  child_ask(&w, &answer);
  wire_reader r = {answer.bytes, answer.length, 0, 0};
  int has = take32(&r) == 1;
  free(answer.bytes);
  return has;
}

static const void *host_extension(const sluice_host *host, sluice_bytes id) {
  (void)host;
  const void *table = is_id(id, SLUICE_HOST_LOG_ID)           ? (const void *)&log_table
                      : is_id(id, SLUICE_HOST_FINGERPRINT_ID) ? (const void *)&fingerprint_table
                      : is_id(id, SLUICE_HOST_KEYS_ID)        ? (const void *)&keys_table
                      : is_id(id, SLUICE_HOST_COMPLETION_ID)  ? (const void *)&completion_table
                      : is_id(id, SLUICE_HOST_HISTORY_ID)     ? (const void *)&history_table
                                                              : NULL;
  return table && host_has(id) ? table : NULL;
}
sluice_host child_host = {sizeof child_host, SLUICE_ABI_MAJOR, SLUICE_ABI_MINOR, 0, {0}, host_extension};
