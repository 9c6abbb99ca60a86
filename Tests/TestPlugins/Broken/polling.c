/* Finds an approval decided that nobody asked about. */
#define POLL_HOOK \
  sluice_reply reply = {.size = sizeof reply, .approval = text_of("apr_1"), .subject = text_of("bo"), .once = text_of("1")}; \
  uint32_t outcome = 0; \
  return emitter->reply(emitter->context, &reply, &outcome);
#include "notify.h"
