/* history.h: "sluice.host.history/1", what somebody sent before: for scores that look beyond one request. */
#ifndef SLUICE_HISTORY_H
#define SLUICE_HISTORY_H

#include "sluice/exchange.h"
#include "sluice/plugin.h"

SLUICE_EXTERN_C_BEGIN

#define SLUICE_HOST_HISTORY_ID "sluice.host.history/1"

/* The host notes the fingerprints of what a score stage was shown, by the principal's subject (without regard to
 * the case of ASCII letters), once the score is made and no guard has denied the request: whether it is sent, held
 * or denied afterwards. It keeps them in memory, for a day at most, each replica its own; never a value. So what a
 * filter is told depends on what came before, and on nothing else: lent like this, time and history are part of
 * the request as far as score.h's rule goes that the same request gets the same score.
 *
 * The host keeps at most 4096 values of a subject and 262144 in all. Of a subject with more the count is never
 * less than 4096 for as long as the window reaches to what was dropped. */
typedef struct sluice_host_history {
  uint32_t size;
  uint32_t reserved;
  /* [any] How many different values `subject` has sent in requests whose time is `time - window` or later, together
   * with those of the request at hand, each counted once. `kind`: of this kind alone; empty: of any. `fingerprints`
   * (of sluice_bytes, 16 bytes each) are those of the request at hand, as score.h's segment gave them. `time` is the
   * request's attribute "time"; `window` in seconds, 1 to 86400. */
  sluice_status (*count)(const sluice_host *host, sluice_bytes subject, int64_t time, uint64_t window,
                         sluice_bytes kind, sluice_array fingerprints, uint64_t *distinct);
} sluice_host_history;

SLUICE_EXTERN_C_END

#endif
