/* detect.h: "sluice.detect/1", filters that say where protected values are. */
#ifndef SLUICE_DETECT_H
#define SLUICE_DETECT_H

#include "sluice/exchange.h"
#include "sluice/plugin.h"

SLUICE_EXTERN_C_BEGIN

#define SLUICE_DETECT_ID "sluice.detect/1"

/* Takes findings, in any order; they may overlap. Copies what it is given. Usable only inside the call
 * that received it. Answers SLUICE_ERROR_DENIED for a finding that is empty, lies outside what was fed so
 * far, or begins below a safe_through that was answered before: the exchange is denied then. */
typedef struct sluice_finding_emitter {
  uint32_t size;
  uint32_t reserved;
  void *context;
  sluice_status (*emit)(void *context, const sluice_finding *finding);
} sluice_finding_emitter;

typedef struct sluice_detect {
  uint32_t size;
  uint32_t reserved;
  const sluice_filter *filter;

  /* [any] The most bytes of an unfinished text that this instance ever holds back: after each feed,
   * (bytes fed so far) - safe_through never passes it. A filter that does pass it is at fault, and its
   * exchange is denied, not flushed. At most 65536. */
  uint64_t (*maximum_hold)(void *instance);

  /* [any] Begins a session: one direction of one exchange. `exchange` is valid until this call returns.
   * On failure close is not called. */
  sluice_status (*open)(void *instance, const sluice_exchange *exchange, void **session,
                        sluice_error *error);

  /* [session] The next bytes of a segment. `base` is the offset of bytes.data[0] in the segment's text;
   * the first call of a segment has base 0, each later one continues where the last one ended, and `end`
   * is 1 in the last one, which may carry no bytes. Each byte is given once and never again: a filter that
   * must look back keeps what it needs. Segments of one session may take turns; `segment->id` tells.
   * A cut may fall inside a code point.
   *
   *     text     ...Mr. Jane D|oe was seen...        fed so far: up to |
   *     answer   safe_through = offset of "Jane"     "..Mr. " may go out, "Jane D" may still become a name
   *
   * *safe_through: no finding emitted later will begin below it. It never decreases, and with `end` it is
   * the end of the text, whatever is answered. Findings must not depend on where the cuts fall.
   * After a negative status only close is called. */
  sluice_status (*feed)(void *session, const sluice_segment *segment, uint64_t base, sluice_bytes bytes,
                        uint32_t end, const sluice_finding_emitter *emitter, uint64_t *safe_through,
                        sluice_error *error);

  /* [session] Ends the session, also in the middle of a text: the exchange was denied or given up. */
  void (*close)(void *session);
} sluice_detect;

SLUICE_EXTERN_C_END

#endif
