/* Says what it found. */
#include <stdio.h>
#define FEED_HOOK if (end && bytes.length > 0) fprintf(stderr, "looked at: %.*s\n", (int)bytes.length, bytes.data);
#include "detect.h"
