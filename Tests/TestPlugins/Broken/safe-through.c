/* Calls safe what it has not decided on, and finds it afterwards. */
#define FEED_HOOK *safe = base + bytes.length;
#include "detect.h"
