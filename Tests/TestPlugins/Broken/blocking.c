/* Waits for something, and has not said that it may. */
#include <unistd.h>
#define FEED_HOOK usleep(50);
#include "detect.h"
