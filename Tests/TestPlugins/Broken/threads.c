/* Keeps the state of a call in one place for all threads. */
#include <stdint.h>
#include <sched.h>
static volatile uint64_t shared;
#define FEED_HOOK shared = s->owner == NULL ? 0 : bytes.length; for (int i = 0; i < 20; i++) sched_yield(); if (end && status == SLUICE_OK && bytes.length > 0 && shared != bytes.length) emit(emitter, base, base + bytes.length, "MIXED");
#include "detect.h"
