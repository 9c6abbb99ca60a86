/* Reads the byte behind its input, as if texts ended with a NUL. */
#include <stdint.h>
static volatile uint8_t behind;
#define FEED_HOOK behind = bytes.data[bytes.length];
#include "detect.h"
