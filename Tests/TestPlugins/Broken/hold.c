/* Holds back everything until the end. */
#define FEED_HOOK *safe = 0;
#include "detect.h"
