/* Finds one byte more than there is. */
#define FEED_HOOK if (end && bytes.length > 30) emit(emitter, base, base + bytes.length + 1, "NUM");
#include "detect.h"
