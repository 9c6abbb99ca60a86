/* authenticate.h: "sluice.authenticate/1", filters that say who is asking. */
#ifndef SLUICE_AUTHENTICATE_H
#define SLUICE_AUTHENTICATE_H

#include "sluice/exchange.h"
#include "sluice/plugin.h"

SLUICE_EXTERN_C_BEGIN

#define SLUICE_AUTHENTICATE_ID "sluice.authenticate/1"

#define SLUICE_AUTHENTICATE_ALLOW 0u     /* a principal was emitted */
#define SLUICE_AUTHENTICATE_DENY 1u      /* there is a credential of this kind, and it is not good: 403 or 401 */
#define SLUICE_AUTHENTICATE_CHALLENGE 2u /* no credential of this kind: the next authenticate stage is asked,
                                            and after the last one the client is told 401 */
#define SLUICE_AUTHENTICATE_UNAVAILABLE 3u /* what the filter needs to tell does not answer: 503. For completions;
                                              a call answers SLUICE_ERROR_UNAVAILABLE instead */

/* One header field of the request. */
typedef struct sluice_header {
  uint32_t size;
  uint32_t reserved;
  sluice_bytes name; /* as it came: compare without regard to case */
  sluice_bytes value;
} sluice_header;

/* The head of a request. Nothing of the body has been read. Valid until the call returns. */
typedef struct sluice_head {
  uint32_t size;
  uint32_t reserved;
  uint64_t token; /* for an answer of SLUICE_PENDING: see host.h */
  sluice_bytes method;
  sluice_bytes path;             /* without the query, as it came */
  sluice_array headers;          /* of sluice_header */
  sluice_bytes peer_address;     /* text: "192.0.2.7" */
  sluice_bytes peer_certificate; /* DER, verified by the listener; empty where there is none */
} sluice_head;

/* The answer of an authenticate filter. Its texts are copied by the emitter. */
typedef struct sluice_authentication {
  uint32_t size;
  uint32_t verdict; /* SLUICE_AUTHENTICATE_*; any other value denies */
  const sluice_principal *principal; /* with ALLOW; else NULL */
  sluice_bytes reason;    /* for evidence, a stable word: "expired", "revoked", "unknown-key" */
  sluice_bytes challenge; /* for the client's WWW-Authenticate (RFC 9110, 11.6.1); may be empty */
} sluice_authentication;

/* Takes the answer: exactly one. Usable only inside the call that received it. */
typedef struct sluice_authenticate_emitter {
  uint32_t size;
  uint32_t reserved;
  void *context;
  sluice_status (*emit)(void *context, const sluice_authentication *authentication);
} sluice_authenticate_emitter;

typedef struct sluice_authenticate {
  uint32_t size;
  uint32_t reserved;
  const sluice_filter *filter;

  /* [any] Decides, or answers SLUICE_PENDING and completes `head->token` later. */
  sluice_status (*authenticate)(void *instance, const sluice_head *head,
                                const sluice_authenticate_emitter *emitter, sluice_error *error);
  /* [any] The host no longer waits for this token. NULL: never pending, and `head->token` is 0. */
  void (*cancel)(void *instance, uint64_t token);
} sluice_authenticate;

SLUICE_EXTERN_C_END

#endif
