/* mask.h: "sluice.mask/1", filters that say what stands in for a protected value. */
#ifndef SLUICE_MASK_H
#define SLUICE_MASK_H

#include "sluice/exchange.h"
#include "sluice/plugin.h"

SLUICE_EXTERN_C_BEGIN

#define SLUICE_MASK_ID "sluice.mask/1"

/* A replacement of bytes [start, end) of a segment's text. */
typedef struct sluice_edit {
  uint32_t size;
  uint32_t finding;  /* index of the finding that it answers; SLUICE_EDIT_NO_FINDING for a rule of its own */
  uint64_t start;    /* offsets as a finding's */
  uint64_t end;
  sluice_bytes replacement; /* text; escaping for the payload is the host's business */
  sluice_bytes operation;   /* how, for evidence: "placeholder", "redact"; lower-case ASCII and -, at most 32 */
  sluice_bytes fingerprint; /* 16 bytes by which the same value is recognised (sluice_host_fingerprint),
                               or empty: then the host computes one from the bytes as they are */
} sluice_edit;

#define SLUICE_EDIT_NO_FINDING 0xFFFFFFFFu

/* Takes edits, in any order. Copies. Usable only inside the call that received it. Edits that overlap are
 * merged by the host into one that spans them all and takes the first one's replacement. Answers
 * SLUICE_ERROR_DENIED for an edit outside the text given. */
typedef struct sluice_edit_emitter {
  uint32_t size;
  uint32_t reserved;
  void *context;
  sluice_status (*emit)(void *context, const sluice_edit *edit);
} sluice_edit_emitter;

typedef struct sluice_mask {
  uint32_t size;
  uint32_t reserved;
  const sluice_filter *filter;

  /* [any] As in detect.h. */
  sluice_status (*open)(void *instance, const sluice_exchange *exchange, void **session,
                        sluice_error *error);

  /* [session] `text` is the part of the segment's text that begins at offset `base` and is about to be
   * released; it ends on the border of a code point, and no finding crosses either end of it. `findings`
   * (of sluice_finding) are those inside it, by all detectors, sorted by start, longer first, without
   * overlap: where detectors disagree, the host keeps the surest and lets it cover the whole stretch.
   * A finding that no edit answers goes out as it is ("keep"), and evidence says so.
   * A whole text is given in one call; a streamed one in as many as it takes. */
  sluice_status (*edit)(void *session, const sluice_segment *segment, uint64_t base, sluice_bytes text,
                        sluice_array findings, const sluice_edit_emitter *emitter, sluice_error *error);

  /* [session] */
  void (*close)(void *session);
} sluice_mask;

SLUICE_EXTERN_C_END

#endif
