/* score.h: "sluice.score/1", filters that say how risky a request is, and why. */
#ifndef SLUICE_SCORE_H
#define SLUICE_SCORE_H

#include "sluice/exchange.h"
#include "sluice/guard.h"
#include "sluice/plugin.h"

SLUICE_EXTERN_C_BEGIN

#define SLUICE_SCORE_ID "sluice.score/1"

/* One reason for a score. */
typedef struct sluice_score_reason {
  uint32_t size;
  int32_t points;    /* what it adds; may be negative */
  uint64_t count;    /* of what it counts: findings, distinct values; 0 where it counts nothing */
  sluice_bytes code; /* lower-case ASCII, digits, -, /, at most 64 bytes: "kind/ssn", "bulk/people" */
} sluice_score_reason;

/* Takes the reasons. Copies. Usable only inside the call that received it. */
typedef struct sluice_score_emitter {
  uint32_t size;
  uint32_t reserved;
  void *context;
  sluice_status (*reason)(void *context, const sluice_score_reason *reason);
} sluice_score_emitter;

typedef struct sluice_score {
  uint32_t size;
  uint32_t reserved;
  const sluice_filter *filter;

  /* [any] SLUICE_REVIEW_TEXT (guard.h) or 0. */
  uint32_t (*wants)(void *instance);
  /* [any] As in detect.h. */
  sluice_status (*open)(void *instance, const sluice_exchange *exchange, void **session,
                        sluice_error *error);
  /* [session] One whole segment as it was before masking, and its findings (of sluice_finding, sorted,
   * without overlap). `fingerprints` (of sluice_bytes, 16 bytes each, as many as findings) tell which
   * findings are the same value: distinct people can be counted without seeing a name. */
  sluice_status (*segment)(void *session, const sluice_segment *segment, sluice_bytes text,
                           sluice_array findings, sluice_array fingerprints, sluice_error *error);
  /* [session] After the last segment. *score from 0 to 100; above 100 counts as 100. The same request
   * must get the same score: no clocks, no chance, nothing sent anywhere. What the host lends counts as
   * part of the request: its attribute "time", and what its principal sent before (history.h). */
  sluice_status (*finish)(void *session, const sluice_score_emitter *emitter, uint32_t *score,
                          sluice_error *error);
  /* [session] */
  void (*close)(void *session);
} sluice_score;

SLUICE_EXTERN_C_END

#endif
