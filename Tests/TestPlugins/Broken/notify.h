/* notify.h: tells nobody, and takes a word that is signed with a word of its own. */
#include "common.h"

#ifndef TRUST_HOOK /* whether the request is who it says it is: `is_signed` */
#define TRUST_HOOK
#endif

#ifndef POLL_HOOK
#define POLL_HOOK
#endif

static sluice_status send(void *self, const sluice_notification *notification, const sluice_notify_emitter *emitter,
                          uint64_t *retry_after, sluice_error *error) {
  (void)self, (void)notification, (void)emitter, (void)retry_after, (void)error;
  return SLUICE_OK;
}

static sluice_status receive(void *self, const sluice_notify_call *call, const sluice_notify_emitter *emitter,
                             sluice_error *error) {
  (void)self;
  static const char wanted[] = "a signature that only the test could make";
  int is_signed = 0;
  for (uint64_t i = 0; i < call->headers.count; i++) {
    const sluice_header *header = (const sluice_header *)((const char *)call->headers.first + i * call->headers.stride);
    if (header->value.length == sizeof wanted - 1 && memcmp(header->value.data, wanted, sizeof wanted - 1) == 0) is_signed = 1;
  }
  TRUST_HOOK
  if (!is_signed) return fail(error, SLUICE_ERROR_INPUT, "it is not signed");
  sluice_reply reply = {.size = sizeof reply,
                        .verdict = SLUICE_REPLY_APPROVE,
                        .approval = text_of("apr_0123456789"),
                        .subject = text_of("bo"),
                        .once = text_of("1")};
  uint32_t outcome = 0;
  return emitter->reply(emitter->context, &reply, &outcome);
}

static sluice_status poll(void *self, sluice_array open, const sluice_notify_emitter *emitter, sluice_error *error) {
  (void)self, (void)open, (void)emitter, (void)error;
  POLL_HOOK
  return SLUICE_OK;
}

SLUICE_NOTE("org.example.broken", "sluice.notify/1")

EXPORTED const sluice_plugin *sluice_plugin_v1(const sluice_host *host) {
  static sluice_notify table;
  table = (sluice_notify){.size = sizeof table, .filter = &filter_table, .send = send, .receive = receive, .poll = poll};
  return enter(host, SLUICE_NOTIFY_ID, &table);
}
