/* Never ends where a text is all zeros. */
#define FEED_HOOK if (bytes.length == 4 && bytes.data[0] == 0 && bytes.data[3] == 0) for (volatile int i = 0; i < 1;) continue;
#include "detect.h"
