/* Looks at everything again for each byte. */
#include <stdint.h>
static volatile uint8_t sum;
#define FEED_HOOK for (uint64_t i = 0; i < bytes.length; i += 16) for (uint64_t k = 0; k < i; k += 256) sum += bytes.data[k];
#include "detect.h"
