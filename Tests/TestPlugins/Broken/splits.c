/* Begins anew with each piece: a number that is cut in two is not found. */
#define FEED_HOOK t->run = 0; *safe = base + bytes.length;
#include "detect.h"
