/* gate.h: "sluice.gate/1", filters that say whether a person must decide, who, and until when.
 *
 * The approval itself (who decided, quorum, expiry, that nobody approves their own request) is kept by
 * the host: a gate only says what it takes. */
#ifndef SLUICE_GATE_H
#define SLUICE_GATE_H

#include "sluice/exchange.h"
#include "sluice/plugin.h"

SLUICE_EXTERN_C_BEGIN

#define SLUICE_GATE_ID "sluice.gate/1"

#define SLUICE_GATE_ALLOW 0u
#define SLUICE_GATE_DENY 1u
#define SLUICE_GATE_HOLD 2u /* until a person decides */

/* What a gate decides on. Valid until the call returns. */
typedef struct sluice_gate_request {
  uint32_t size;
  uint32_t score;    /* 0 to 100, the highest of the score stages before this one */
  uint64_t token;    /* for an answer of SLUICE_PENDING: see host.h */
  uint64_t findings; /* how many, in the whole request */
  const sluice_exchange *exchange;
  sluice_array reasons; /* of sluice_score_reason (score.h) */
  sluice_array kinds;   /* of sluice_bytes: the kinds found, each once */
} sluice_gate_request;

/* A gate's word. Its texts are copied by the emitter. */
typedef struct sluice_gate_decision {
  uint32_t size;
  uint32_t verdict;       /* SLUICE_GATE_*; any other value denies */
  uint32_t quorum;        /* how many different people must approve, 1 to 16 */
  uint32_t flags;         /* SLUICE_GATE_LOCAL_OPERATOR and SLUICE_GATE_BREAK_GLASS_ANYONE, or 0 */
  uint64_t expires;       /* seconds until an undecided approval counts as denied, 1 to 604800 */
  sluice_array approvers; /* of sluice_bytes: groups; a member of any of them may decide */
  sluice_bytes reason;    /* for the client and the approver; never text from the exchange */

  /* What follows may be missing or zero.
   *
   * `required`: of sluice_bytes, at most 16 groups. Of each somebody must be among those who approve, and nobody
   * counts for two of them; their members may decide, too. At most as many as the quorum. */
  sluice_array required;
  /* In an emergency whoever asks may go on at once, with a reason that others review: where one of their groups is
   * here (of sluice_bytes), or with SLUICE_GATE_BREAK_GLASS_ANYONE. It lasts for at most so many seconds, 60 to
   * 604800; 0: nobody may. A host that does not know of it holds the request, and that is all. */
  sluice_array break_glass;
  uint64_t break_glass_lifetime;
} sluice_gate_decision;

/* The owner of the gateway's data directory may decide at its command line, without being in a group. */
#define SLUICE_GATE_LOCAL_OPERATOR 1u
/* Whoever asks may break the glass, whatever their groups. */
#define SLUICE_GATE_BREAK_GLASS_ANYONE 2u

/* Takes the decision: exactly one. Usable only inside the call that received it. */
typedef struct sluice_gate_emitter {
  uint32_t size;
  uint32_t reserved;
  void *context;
  sluice_status (*emit)(void *context, const sluice_gate_decision *decision);
} sluice_gate_emitter;

typedef struct sluice_gate {
  uint32_t size;
  uint32_t reserved;
  const sluice_filter *filter;

  /* [any] Decides, or answers SLUICE_PENDING and completes `request->token` later. */
  sluice_status (*decide)(void *instance, const sluice_gate_request *request,
                          const sluice_gate_emitter *emitter, sluice_error *error);
  /* [any] The host no longer waits for this token: the client left, or time ran out. NULL: never pending. */
  void (*cancel)(void *instance, uint64_t token);
} sluice_gate;

SLUICE_EXTERN_C_END

#endif
