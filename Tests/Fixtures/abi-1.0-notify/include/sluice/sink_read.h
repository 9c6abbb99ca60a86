/* sink_read.h: "sluice.sink.read/1", reading back what a sink keeps: for verifying, searching and replaying
 * from the sink alone, without the gateway that fed it.
 *
 * It stands beside "sluice.sink/1" of the same plugin, and its instances are those of the same filter:
 *
 *     configure(location) -> configuration -> filter.create -> instance
 *     logs(instance) -> names of logs
 *     open(instance, log) -> reader -> checkpoints, records, sessions, each a page at a time -> close
 *
 * A reader changes nothing, and needs no right to. It works while a gateway goes on writing: checkpoints that
 * were read before records are covered by records that are read after them. */
#ifndef SLUICE_SINK_READ_H
#define SLUICE_SINK_READ_H

#include "sluice/exchange.h"
#include "sluice/plugin.h"

SLUICE_EXTERN_C_BEGIN

#define SLUICE_SINK_READ_ID "sluice.sink.read/1"

/* As an exclusive bound: none. As the place where the next page begins: there is none. */
#define SLUICE_READ_END 0xFFFFFFFFFFFFFFFFull

/* The record's body was removed by the sink's own retention, which it can account for. */
#define SLUICE_HELD_REMOVED 1u

/* One record as the sink holds it. */
typedef struct sluice_held_record {
  uint32_t size;
  uint32_t flags;    /* SLUICE_HELD_REMOVED or 0 */
  uint64_t sequence; /* under which it is held; what its JSON says is for the reader to compare */
  sluice_bytes json; /* every byte as it was given; empty where only the hash is held */
  sluice_bytes leaf; /* 32 bytes, SHA-256(0x00 || json) as of when it was given (RFC 6962); empty where none is held */
} sluice_held_record;

/* No decision of the session has a score. */
#define SLUICE_HELD_NO_SCORE 0xFFFFFFFFu

/* The session was closed. */
#define SLUICE_HELD_CLOSED 1u

/* One session, as the records that are held tell it. */
typedef struct sluice_held_session {
  uint32_t size;
  uint32_t flags; /* SLUICE_HELD_CLOSED or 0 */
  sluice_bytes id;
  sluice_bytes subject;  /* who asked; empty where no record says so */
  sluice_bytes pipeline; /* empty likewise */
  uint64_t first_sequence;
  uint64_t first_time; /* nanoseconds since 1970 UTC, as all times here */
  uint64_t last_time;
  uint64_t records;
  uint64_t exchanges;
  uint64_t denied;        /* of the exchanges */
  sluice_array kinds;     /* of sluice_bytes: of what was found in it, each once: "NAME" */
  sluice_array approvals; /* of sluice_bytes: the states of its approvals, each once: "approved" */
  uint32_t score;         /* the highest of its decisions, 0 to 100, or SLUICE_HELD_NO_SCORE */
  uint32_t reserved;
} sluice_held_session;

/* What is asked for. `from`, `end` and the two bounds of a page are kept to exactly. By the rest a sink leaves
 * out what it can tell does not match; what it can't tell it may hand over, as the host looks again. A record
 * whose body is not held matches where nothing but `from` and `end` is asked. */
typedef struct sluice_read_query {
  uint32_t size;
  uint32_t reserved;
  uint64_t from;       /* the first sequence; for checkpoints and sessions: where the last page ended, first 0 */
  uint64_t end;        /* sequences below this; SLUICE_READ_END: all */
  uint64_t not_before; /* records of this time or later */
  uint64_t before;     /* records of an earlier time than this; SLUICE_READ_END: all */
  sluice_bytes session; /* of this session alone; empty: of any, as for the rest */
  sluice_bytes exchange;
  sluice_bytes subject;
  sluice_bytes pipeline;
  uint64_t maximum_count; /* a page ends after so many, 1 or more, */
  uint64_t maximum_bytes; /* or once what was handed over has reached this */
} sluice_read_query;

/* Takes what is read, and copies it before it returns. Any other answer than OK: hand over nothing more, and
 * return that answer. A function that the call's kind does not need may be NULL. */
typedef struct sluice_read_receiver {
  uint32_t size;
  uint32_t reserved;
  void *context;
  sluice_status (*configuration)(void *context, sluice_bytes json);
  sluice_status (*log)(void *context, sluice_bytes log);
  sluice_status (*record)(void *context, const sluice_held_record *record);
  sluice_status (*checkpoint)(void *context, sluice_bytes note);
  sluice_status (*session)(void *context, const sluice_held_session *session);
} sluice_read_receiver;

typedef struct sluice_sink_read {
  uint32_t size;
  uint32_t reserved;
  const sluice_filter *filter; /* of the same name as the one of "sluice.sink/1" */

  /* [control] The configuration (JSON that fits the schema) for a place written as a URL whose scheme is the
   * filter's name: "postgres://auditor@db/evidence". No side effects. INPUT: it is no such place, or says what
   * does not belong there, such as a password. */
  sluice_status (*configure)(const sluice_filter *filter, sluice_bytes location,
                             const sluice_read_receiver *receiver, sluice_error *error);
  /* [blocking] The logs that are held there. */
  sluice_status (*logs)(void *instance, const sluice_read_receiver *receiver, sluice_error *error);
  /* [blocking] Begins reading a log. A reader is used by one thread at a time. INPUT: it is not there. */
  sluice_status (*open)(void *instance, sluice_bytes log, void **reader, sluice_error *error);
  /* [blocking] A page of records in ascending order of sequence. *next: the sequence from which the next page
   * is to be read, or SLUICE_READ_END. A page may be empty and not the last. */
  sluice_status (*records)(void *reader, const sluice_read_query *query, const sluice_read_receiver *receiver,
                           uint64_t *next, sluice_error *error);
  /* [blocking] A page of checkpoints in ascending order of size. NULL: the sink keeps none. */
  sluice_status (*checkpoints)(void *reader, const sluice_read_query *query,
                               const sluice_read_receiver *receiver, uint64_t *next, sluice_error *error);
  /* [blocking] A page of sessions in the order in which they began. NULL: the sink has no index of them, and
   * the host finds them by reading the records. */
  sluice_status (*sessions)(void *reader, const sluice_read_query *query, const sluice_read_receiver *receiver,
                            uint64_t *next, sluice_error *error);
  /* [blocking] After any failure the reader is only good for this. */
  void (*close)(void *reader);
} sluice_sink_read;

SLUICE_EXTERN_C_END

#endif
