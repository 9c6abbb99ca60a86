/* Says that something is missing, and everything is there. */
#define PROBE_HOOK return fail(error, SLUICE_ERROR_UNAVAILABLE, "the disk is full, perhaps");
#include "sink.h"
