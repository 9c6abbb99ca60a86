/* call.c: calls to a child. */
#define _GNU_SOURCE
#include "process.h"
#include <sched.h>

sluice_status isolated_fail(sluice_error *error, sluice_status status, const char *message) {
  if (error && error->message) {
    uint64_t length = strlen(message);
    if (length > error->message_capacity) length = error->message_capacity;
    memcpy(error->message, message, length);
    error->message_length = length, error->pointer_length = 0, error->flags = 0;
  }
  return status;
}

void call_begin(call *c, child *life, uint32_t op, uint32_t milliseconds) {
  memset(c, 0, sizeof *c);
  c->life = life, c->deadline = channel_now() + (uint64_t)milliseconds * 1000000u, c->slot = -1;
  /* The lowest free slot: its thread is the likeliest to be awake. */
  for (uint32_t bits = atomic_load(&life->free_slots);;) {
    if (bits == 0) {
      if (atomic_load(&life->ended) || channel_now() > c->deadline) break;
      sched_yield();
      bits = atomic_load(&life->free_slots);
    } else if (atomic_compare_exchange_weak(&life->free_slots, &bits, bits & (bits - 1))) {
      c->slot = __builtin_ctz(bits);
      break;
    }
  }
  uint32_t place = c->slot < 0 ? SLOTS : (uint32_t)c->slot;
  static _Thread_local wire_writer nowhere;
  c->question = c->slot < 0 ? &nowhere : &life->questions[place];
  c->question->length = 0, c->question->broken = c->slot < 0;
  c->side = (side){&life->region->slots[place], TURN_HOST, TURN_CHILD, &life->ended};
  if (c->slot < 0) return;
  pthread_mutex_lock(&life->closing);
  put64(c->question, life->closed_count);
  for (uint32_t i = 0; i < life->closed_count; i++) put64(c->question, life->closed[i]);
  life->closed_count = 0;
  pthread_mutex_unlock(&life->closing);
  put32(c->question, op);
}

static void give_back(call *c) {
  wire_writer *both[] = {&c->life->questions[c->slot], &c->life->answers[c->slot]};
  for (int i = 0; i < 2; i++)
    if (both[i]->capacity > 4 << 20) free(both[i]->bytes), memset(both[i], 0, sizeof **both);
  atomic_fetch_or(&c->life->free_slots, 1u << c->slot);
  c->slot = -1;
}

static sluice_status give_up(call *c, int end, sluice_error *error) {
  uint32_t nobody = 0, own = (uint32_t)c->slot + 1;
  if (end != CHANNEL_ENDED) {
    atomic_compare_exchange_strong(&c->life->blamed, &nobody, own);
    life_kill(c->life);
  } else {
    uint32_t blamed = atomic_load(&c->life->blamed), culprit = atomic_load(&c->life->region->culprit);
    if (!blamed && culprit <= SLOTS) blamed = culprit;
    c->is_innocent = blamed != 0 && blamed != own && culprit != own;
  }
  return isolated_fail(error, SLUICE_ERROR_UNAVAILABLE,
              end == CHANNEL_ENDED ? "The isolated plugin's process ended during the call; it is started again."
              : end == CHANNEL_LATE
                  ? "The isolated plugin did not answer in time; its process was ended and is started again."
                  : "The isolated plugin broke the protocol; its process was ended and is started again.");
}

sluice_status call_run(call *c, sluice_error *error) {
  if (c->slot < 0) return isolated_fail(error, SLUICE_ERROR_UNAVAILABLE, "The isolated plugin has no place for this call.");
  if (c->question->broken == WIRE_LOST) {
    give_back(c);
    return isolated_fail(error, SLUICE_ERROR_UNAVAILABLE,
                "The isolated plugin's process ended, and what it was told can't be told to the next one.");
  }
  if (c->question->broken) {
    give_back(c);
    return isolated_fail(error, SLUICE_ERROR_LIMIT, "The text is too long for an isolated plugin.");
  }
  wire_writer *answer = &c->life->answers[c->slot];
  answer->limit = ANSWER_LIMIT;
  int end = channel_send(&c->side, PACKET_FRAME, c->question, c->deadline);
  uint32_t kind = 0;
  while (end == CHANNEL_OK && (end = channel_receive(&c->side, &kind, answer, c->deadline)) == CHANNEL_OK) {
    if (kind == PACKET_FRAME) break;
    if (kind != PACKET_UPCALL) end = CHANNEL_BROKEN;
    else {
      wire_writer reply = {0};
      wire_reader asked = {answer->bytes, answer->length, 0, 0};
      end = isolated_upcall(c->life->plugin, c->replies, &asked, &reply) ? CHANNEL_BROKEN
                                                    : channel_send(&c->side, PACKET_FRAME, &reply, c->deadline);
      free(reply.bytes);
    }
  }
  if (end != CHANNEL_OK) return give_up(c, end, error);
  c->answer = (wire_reader){answer->bytes, answer->length, 0, 0};
  c->status = (sluice_status)take32(&c->answer);
  c->emitted = take64(&c->answer);
  return SLUICE_OK;
}

sluice_status call_end(call *c, sluice_error *error) {
  wire_reader *r = &c->answer;
  uint32_t flags = take32(r);
  sluice_bytes message = take_bytes(r), pointer = take_bytes(r);
  if (r->broken || r->at != r->length) return give_up(c, CHANNEL_BROKEN, error);
  if (error && c->status < 0) {
    error->flags = flags;
    error->message_length = message.length < error->message_capacity ? message.length : error->message_capacity;
    error->pointer_length = pointer.length < error->pointer_capacity ? pointer.length : error->pointer_capacity;
    if (error->message_length) memcpy(error->message, message.data, error->message_length);
    if (error->pointer_length) memcpy(error->pointer, pointer.data, error->pointer_length);
  }
  atomic_fetch_add_explicit(&c->life->answered, 1, memory_order_relaxed);
  give_back(c);
  return c->status;
}

int call_is_innocent(const call *c) { return c->is_innocent; }
