/* guard.h: "sluice.guard/1", filters that deny what policy forbids. */
#ifndef SLUICE_GUARD_H
#define SLUICE_GUARD_H

#include "sluice/exchange.h"
#include "sluice/plugin.h"

SLUICE_EXTERN_C_BEGIN

#define SLUICE_GUARD_ID "sluice.guard/1"

#define SLUICE_GUARD_ALLOW 0u
#define SLUICE_GUARD_DENY 1u

/* A guard's word on the exchange. Filled in by the guard; its texts are copied by the emitter. */
typedef struct sluice_guard_verdict {
  uint32_t size;
  uint32_t verdict;     /* SLUICE_GUARD_*; any other value denies */
  sluice_bytes rule;    /* which one, for evidence: "no-bulk-export" */
  sluice_bytes message; /* for the client: which rule, and what to do; never text from the exchange */
} sluice_guard_verdict;

/* Takes the verdict: exactly one per finish. Usable only inside the call that received it. */
typedef struct sluice_guard_emitter {
  uint32_t size;
  uint32_t reserved;
  void *context;
  sluice_status (*emit)(void *context, const sluice_guard_verdict *verdict);
} sluice_guard_emitter;

typedef struct sluice_guard {
  uint32_t size;
  uint32_t reserved;
  const sluice_filter *filter;

  /* [any] SLUICE_REVIEW_TEXT where this instance wants the segments' text, else 0: `text` is empty then. */
  uint32_t (*wants)(void *instance);
  /* [any] As in detect.h. */
  sluice_status (*open)(void *instance, const sluice_exchange *exchange, void **session,
                        sluice_error *error);
  /* [session] One whole segment with the findings (of sluice_finding, sorted) of the detectors that stand
   * before this stage in the pipeline. */
  sluice_status (*segment)(void *session, const sluice_segment *segment, sluice_bytes text,
                           sluice_array findings, sluice_error *error);
  /* [session] After the last segment. Without a verdict the exchange is denied. */
  sluice_status (*finish)(void *session, const sluice_guard_emitter *emitter, sluice_error *error);
  /* [session] */
  void (*close)(void *session);
} sluice_guard;

/* For `wants` of guards and scores. */
#define SLUICE_REVIEW_TEXT 1u

SLUICE_EXTERN_C_END

#endif
