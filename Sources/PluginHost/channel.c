#define _GNU_SOURCE
#include "channel.h"
#include <errno.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* About 2 µs: on a free core the answer is often there by then. Longer spins take the time from the other side
 * where cores are few (Benchmarks/RESULTS.md). */
#define SPINS 50

uint64_t channel_now(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

void channel_wake(_Atomic uint32_t *word) { syscall(SYS_futex, word, FUTEX_WAKE, 64, NULL, NULL, 0); }

int channel_wait(side *s, uint64_t deadline) {
  for (int spin = 0; spin < SPINS; spin++) {
    if (atomic_load_explicit(&s->slot->turn, memory_order_acquire) == s->mine) return CHANNEL_OK;
    __builtin_ia32_pause();
  }
  _Atomic uint32_t *sleeps = s->mine == TURN_HOST ? &s->slot->host_sleeps : &s->slot->child_sleeps;
  for (;;) {
    if (s->ended && atomic_load(s->ended)) return CHANNEL_ENDED;
    atomic_store(sleeps, 1);
    uint32_t turn = atomic_load(&s->slot->turn);
    if (turn == s->mine) {
      atomic_store(sleeps, 0);
      return CHANNEL_OK;
    }
    if (turn != s->other) {
      /* The host says that it has ended before it says so here; a child that says so first has not. */
      int is_over = turn == TURN_NOBODY && (!s->ended || atomic_load(s->ended));
      return is_over ? CHANNEL_ENDED : CHANNEL_BROKEN;
    }
    struct timespec rest, *limit = NULL;
    if (deadline) {
      uint64_t now = channel_now();
      if (now >= deadline) return CHANNEL_LATE;
      rest.tv_sec = (time_t)((deadline - now) / 1000000000u);
      rest.tv_nsec = (long)((deadline - now) % 1000000000u);
      limit = &rest;
    }
    syscall(SYS_futex, &s->slot->turn, FUTEX_WAIT, s->other, limit, NULL, 0);
  }
}

static void give_turn(side *s, uint32_t kind, uint64_t length) {
  atomic_store_explicit(&s->slot->kind, kind, memory_order_relaxed);
  atomic_store_explicit(&s->slot->length, length, memory_order_relaxed);
  atomic_store(&s->slot->turn, s->other);
  _Atomic uint32_t *sleeps = s->mine == TURN_HOST ? &s->slot->child_sleeps : &s->slot->host_sleeps;
  if (atomic_exchange(sleeps, 0)) channel_wake(&s->slot->turn);
}

int channel_send(side *s, uint32_t kind, const wire_writer *frame, uint64_t deadline) {
  uint64_t at = 0;
  for (;;) {
    uint64_t count = frame->length - at;
    int more = count > SLOT_BYTES;
    if (more) count = SLOT_BYTES;
    if (count) memcpy(s->slot->bytes, frame->bytes + at, count);
    at += count;
    give_turn(s, more ? PACKET_MORE : kind, count);
    if (!more) return CHANNEL_OK;
    int end = channel_wait(s, deadline);
    if (end != CHANNEL_OK) return end;
    if (atomic_load(&s->slot->kind) != PACKET_TAKEN) return CHANNEL_BROKEN;
  }
}

int channel_receive(side *s, uint32_t *kind, wire_writer *into, uint64_t deadline) {
  into->length = 0, into->broken = 0;
  for (;;) {
    int end = channel_wait(s, deadline);
    if (end != CHANNEL_OK) return end;
    uint64_t length = atomic_load(&s->slot->length);
    *kind = atomic_load(&s->slot->kind);
    if (length > SLOT_BYTES) return CHANNEL_BROKEN;
    put_raw(into, s->slot->bytes, length);
    if (into->broken) return CHANNEL_BROKEN;
    if (*kind != PACKET_MORE) return CHANNEL_OK;
    if (length == 0) return CHANNEL_BROKEN;
    give_turn(s, PACKET_TAKEN, 0);
  }
}
