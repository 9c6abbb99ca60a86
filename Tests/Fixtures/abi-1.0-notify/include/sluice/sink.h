/* sink.h: "sluice.sink/1", filters that keep evidence somewhere.
 *
 * The host numbers the records and keeps a log of its own. A sink is fed from that log, in order and
 * without gaps, and says how safely it holds what it was given; what it has not acknowledged is given to
 * it again after a restart. So a sink that delivers at least once, and keeps each sequence number once,
 * loses nothing and doubles nothing. */
#ifndef SLUICE_SINK_H
#define SLUICE_SINK_H

#include "sluice/exchange.h"
#include "sluice/plugin.h"

SLUICE_EXTERN_C_BEGIN

#define SLUICE_SINK_ID "sluice.sink/1"

/* How safely a record is held. Each level includes those below it. */
#define SLUICE_LEVEL_RECEIVED 0u   /* in memory: lost if the sink's process ends */
#define SLUICE_LEVEL_WRITTEN 1u    /* handed to the operating system: lost if the machine stops */
#define SLUICE_LEVEL_STABLE 2u     /* on stable storage: survives loss of power */
#define SLUICE_LEVEL_REPLICATED 3u /* on stable storage of more than one machine */

/* One record of evidence: a JSON object, canonical (RFC 8785), in UTF-8. */
typedef struct sluice_record {
  uint32_t size;
  uint32_t reserved;
  uint64_t sequence; /* from 0, without gaps */
  sluice_bytes json;
} sluice_record;

/* Takes acknowledgements: every record up to and including `sequence` is held at `level`.
 * [any] From any thread, from open until close returns. Sequences never decrease for a level. */
typedef struct sluice_acknowledger {
  uint32_t size;
  uint32_t reserved;
  void *context;
  sluice_status (*acknowledge)(void *context, uint64_t sequence, uint32_t level);
} sluice_acknowledger;

/* What became of a batch. */
typedef struct sluice_append_result {
  uint32_t size;
  uint32_t reserved;
  uint64_t accepted;    /* how many records, from the batch's first on, the sink took */
  uint64_t retry_after; /* milliseconds until the rest may be offered again; 0: the host's own back-off */
} sluice_append_result;

typedef struct sluice_sink {
  uint32_t size;
  uint32_t reserved;
  const sluice_filter *filter;

  /* [any] The highest level that this instance ever acknowledges, SLUICE_LEVEL_*. */
  uint32_t (*promises)(void *instance);
  /* [blocking] Begins keeping the log named `log`. `acknowledger` is valid until close returns. */
  sluice_status (*open)(void *instance, sluice_bytes log, const sluice_acknowledger *acknowledger,
                        void **session, sluice_error *error);
  /* [blocking] The next sequence that the sink needs: 0 where it holds nothing of this log. Called after
   * open and after each failure; the host feeds from there. */
  sluice_status (*recover)(void *session, uint64_t *next, sluice_error *error);
  /* [blocking] Records (of sluice_record) with ascending sequences. OK with accepted < count: the rest is
   * offered again after retry_after. A negative status: nothing of the batch counts; after UNAVAILABLE the
   * host backs off, recovers and goes on; after any other it stops feeding and reports the sink as down. */
  sluice_status (*append)(void *session, sluice_array records, sluice_append_result *result,
                          sluice_error *error);
  /* [blocking] Makes durable what was taken, and acknowledges it, before it returns. */
  sluice_status (*flush)(void *session, sluice_error *error);
  /* [blocking] Ends the session. What was not acknowledged is given again next time. */
  void (*close)(void *session);

  /* What follows may be NULL.
   *
   * [blocking] Looks whether all is there that the sink needs (a server that answers, credentials that are
   * good, rights), and changes nothing. CONFIGURATION: it will not be without somebody's doing, and `pointer`
   * names the option at fault. UNAVAILABLE: it may be later. */
  sluice_status (*probe)(void *instance, sluice_error *error);
  /* [blocking] A checkpoint of the log: a C2SP signed note, whole. It comes after the records that it covers
   * have been flushed; OK: it is held as safely as they are. The same one may come again, and is kept once. */
  sluice_status (*checkpoint)(void *session, sluice_bytes note, sluice_error *error);
  /* [blocking] The size of the largest checkpoint that is held; 0 where there is none. Called after recover;
   * the host gives checkpoints from that size on. UNSUPPORTED: this sink keeps none, and is given none. */
  sluice_status (*recover_checkpoint)(void *session, uint64_t *held, sluice_error *error);
} sluice_sink;

SLUICE_EXTERN_C_END

#endif
