/* notify.h: "sluice.notify/1", filters that tell people where they are that a request waits for them, and
 * bring back what they say: a chat, a ticket, a mail, a webhook.
 *
 *     host                         filter                        chat
 *      |  send(notification)  ----->|  a message  ---------------->|
 *      |  <---- emit reference      |                              |   a person decides
 *      |  receive(call)  ---------->|  <---- a signed request -----|
 *      |  <---- emit reply, and the host's outcome comes back      |
 *      |  send(what it came to) --->|  the message is changed ---->|
 *
 * A filter says who spoke and how it knows; whether that person may decide, and what it comes to, is the host's
 * to say. What a filter is given holds no text of the exchange. */
#ifndef SLUICE_NOTIFY_H
#define SLUICE_NOTIFY_H

#include "sluice/authenticate.h"
#include "sluice/exchange.h"
#include "sluice/plugin.h"

SLUICE_EXTERN_C_BEGIN

#define SLUICE_NOTIFY_ID "sluice.notify/1"

/* Something that people are to know. Valid until the call returns. */
typedef struct sluice_notification {
  uint32_t size;
  uint32_t attempt;       /* from 1 on: the same one comes again after a failure, or a restart */
  sluice_bytes id;        /* the same for each attempt, another for each notification */
  sluice_bytes reference; /* what the first notification about this approval had emitted; empty: nothing */
  sluice_bytes json;      /* what happened: docs/notify.md */
} sluice_notification;

/* An approval that a notification was sent about, and that is still open. */
typedef struct sluice_notified {
  uint32_t size;
  uint32_t reserved;
  sluice_bytes approval; /* its id */
  sluice_bytes reference;
} sluice_notified;

#define SLUICE_REPLY_APPROVE 0u
#define SLUICE_REPLY_DENY 1u

/* What a person says. The filter has made sure that it is this person. */
typedef struct sluice_reply {
  uint32_t size;
  uint32_t verdict;      /* SLUICE_REPLY_*; any other value denies */
  sluice_bytes approval; /* the approval's id */
  sluice_bytes subject;  /* the principal that the person is, as the configuration maps them */
  sluice_array groups;   /* of sluice_bytes: the principal's groups, likewise */
  sluice_bytes person;   /* who it is over there, for evidence: "T0123/U0456" */
  sluice_bytes comment;  /* the person's own words; may be empty */
  sluice_bytes once;     /* what a replay of the same message would have in common with it; the host takes it once */
  uint64_t replay_until; /* seconds since 1970 UTC: the filter itself refuses the same message from then on */
} sluice_reply;

/* What a reply came to. */
#define SLUICE_OUTCOME_COUNTED 0u         /* taken; more people are needed */
#define SLUICE_OUTCOME_APPROVED 1u        /* taken, and the request goes on */
#define SLUICE_OUTCOME_DENIED 2u          /* taken, and the request is denied */
#define SLUICE_OUTCOME_NOT_ALLOWED 3u     /* this person may not decide about it */
#define SLUICE_OUTCOME_OWN_REQUEST 4u     /* nobody decides about their own */
#define SLUICE_OUTCOME_ALREADY_DECIDED 5u
#define SLUICE_OUTCOME_EXPIRED 6u
#define SLUICE_OUTCOME_UNKNOWN 7u         /* there is no such approval, or not for this filter */
#define SLUICE_OUTCOME_REPLAYED 8u        /* this very message was taken before */
#define SLUICE_OUTCOME_UNAVAILABLE 9u     /* the store can't be used now: nothing was taken */

/* Takes what a call brings. Usable only inside the call that received it; copies what it is given. */
typedef struct sluice_notify_emitter {
  uint32_t size;
  uint32_t reserved;
  void *context;
  /* From send: what the message is known by over there, at most 1024 bytes. It comes back with later ones. */
  sluice_status (*reference)(void *context, sluice_bytes reference);
  /* From receive and poll. OK: *outcome (SLUICE_OUTCOME_*) says what it came to. */
  sluice_status (*reply)(void *context, const sluice_reply *reply, uint32_t *outcome);
  /* From receive: what is answered, at most 64 KiB. Without it: 200 and no body. */
  sluice_status (*answer)(void *context, uint32_t status, sluice_bytes content_type, sluice_bytes body);
} sluice_notify_emitter;

/* An HTTP request that arrived for the filter. Nothing of it has been verified. */
typedef struct sluice_notify_call {
  uint32_t size;
  uint32_t reserved;
  uint64_t time; /* seconds since 1970 UTC */
  sluice_bytes method;
  sluice_bytes path;    /* without the query */
  sluice_array headers; /* of sluice_header (authenticate.h) */
  sluice_bytes body;    /* whole, at most 64 KiB */
} sluice_notify_call;

typedef struct sluice_notify {
  uint32_t size;
  uint32_t reserved;
  const sluice_filter *filter;

  /* [blocking] Delivers a notification. OK: it has arrived. UNAVAILABLE: it is tried again after *retry_after
   * milliseconds (0: the host's own back-off). Any other error: it can't be delivered, and is recorded as such. */
  sluice_status (*send)(void *instance, const sluice_notification *notification,
                        const sluice_notify_emitter *emitter, uint64_t *retry_after, sluice_error *error);

  /* What follows may be NULL.
   *
   * [blocking] An HTTP request. INPUT: it is not what it should be (no signature, another secret, too old): the host
   * answers 401 and says nothing more. */
  sluice_status (*receive)(void *instance, const sluice_notify_call *call,
                           const sluice_notify_emitter *emitter, sluice_error *error);
  /* [blocking] Looks after these (of sluice_notified), every few seconds while there are some. */
  sluice_status (*poll)(void *instance, sluice_array open, const sluice_notify_emitter *emitter,
                        sluice_error *error);
} sluice_notify;

SLUICE_EXTERN_C_END

#endif
