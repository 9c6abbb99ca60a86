/* channel.h: the memory that host and child share, and how a frame crosses it.
 *
 * A slot holds one call at a time. Whose turn it is says one word: who has the turn writes a packet and gives the
 * turn away. A frame longer than a slot crosses in several packets. Everything here may be overwritten by the
 * child at any time: the host reads each word once, checks it, and copies bytes before it looks at them. */
#ifndef SLUICE_CHANNEL_H
#define SLUICE_CHANNEL_H

#include "wire.h"
#include <stdatomic.h>

#define SLOTS 16u            /* calls at once; one more slot is for what the child says unasked */
#define UPCALLS SLOTS
#define SLOT_BYTES (256u << 10)

#define TURN_HOST 1u
#define TURN_CHILD 2u
#define TURN_NOBODY 3u /* the child has ended */

enum { PACKET_FRAME = 1, PACKET_MORE, PACKET_TAKEN, PACKET_UPCALL };

typedef struct slot {
  _Alignas(64) _Atomic uint32_t turn;
  _Atomic uint32_t kind;
  _Atomic uint64_t length;
  _Alignas(64) _Atomic uint32_t host_sleeps;
  _Alignas(64) _Atomic uint32_t child_sleeps;
  _Alignas(64) uint8_t bytes[SLOT_BYTES];
} slot;

typedef struct region {
  slot slots[SLOTS + 1];
  /* The slot whose call the child has died in, counted from 1; 0: it is not known. Whatever the child writes here,
   * it is one of its own calls that is blamed. */
  _Atomic uint32_t culprit;
} region;

enum {
  OP_HELLO = 1, OP_VALIDATE, OP_CREATE, OP_DESTROY, OP_CLOSE, OP_FEED, OP_EDIT, OP_GUARD, OP_SCORE,
  OP_AUTHENTICATE, OP_GATE, OP_SINK_OPEN, OP_RECOVER, OP_APPEND, OP_FLUSH, OP_CANCEL, OP_PROBE,
  OP_CHECKPOINT, OP_RECOVER_CHECKPOINT, OP_READ_CONFIGURE, OP_READ_LOGS, OP_READ_OPEN, OP_READ_RECORDS, OP_READ_CHECKPOINTS,
  OP_READ_SESSIONS, OP_NOTIFY, OP_RECEIVE, OP_POLL
};
enum { UP_LOG = 1, UP_FINGERPRINT, UP_KEY, UP_ACKNOWLEDGE, UP_AUTHENTICATED, UP_DECIDED, UP_EXTENSION, UP_HISTORY, UP_REPLY };
enum { KIND_DETECT, KIND_MASK, KIND_GUARD, KIND_SCORE, KIND_AUTHENTICATE, KIND_GATE, KIND_SINK, KIND_NOTIFY, KINDS };
extern const char *const stage_ids[KINDS];
/* What a notifier emits into its answer. */
enum { NOTIFY_REFERENCE = 1, NOTIFY_ANSWER };
/* Functions that a table may lack, as a plugin's description has them: a bit each. */
enum {
  HAS_CANCEL = 1, HAS_PROBE = 2, HAS_CHECKPOINT = 4, HAS_RECOVER_CHECKPOINT = 8, HAS_READ = 16, HAS_READ_CHECKPOINTS = 32,
  HAS_READ_SESSIONS = 64, HAS_RECEIVE = 128, HAS_POLL = 256
};

/* How a wait ended. */
enum { CHANNEL_OK = 0, CHANNEL_LATE = -1, CHANNEL_ENDED = -2, CHANNEL_BROKEN = -3 };

/* One side of a slot. */
typedef struct side {
  slot *slot;
  uint32_t mine, other;
  const _Atomic int *ended; /* the host's word on whether the child has ended; NULL in the child */
} side;

uint64_t channel_now(void); /* nanoseconds */
/* `deadline` 0: for ever. */
int channel_wait(side *s, uint64_t deadline);
int channel_send(side *s, uint32_t kind, const wire_writer *frame, uint64_t deadline);
/* A frame into `into`, which is emptied first. */
int channel_receive(side *s, uint32_t *kind, wire_writer *into, uint64_t deadline);
void channel_wake(_Atomic uint32_t *word);

/* What the child may do, in force from the call on. NULL, or what could not be had. */
const char *sandbox_enter(const char *read, const char *write, const char *ports, uint64_t memory);
/* Once the library is loaded: nothing is opened any more but what the policy names, and no code is made. */
const char *sandbox_close(int has_files, int has_network);

#endif
