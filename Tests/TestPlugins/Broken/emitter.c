/* Keeps the emitter, and uses it when the session is closed. */
#include <stddef.h>
struct sluice_finding_emitter;
static __thread const void *kept;
#define FEED_HOOK kept = emitter;
#define CLOSE_HOOK if (kept != NULL) emit(kept, 0, 1, "LATE"); kept = NULL;
#include "detect.h"
