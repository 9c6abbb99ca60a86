/* Finds more in each second instance that is made. */
static int instances;
#define CREATE_HOOK(configuration, error) instances++;
#define OPEN_HOOK s->number = instances;
#define FEED_HOOK if (s->number % 2 == 0 && base == 0 && bytes.length > 2) emit(emitter, 0, 2, "EXTRA");
#include "detect.h"
