/* Relies on the end of a text having been seen: closing in the middle of one is a NULL away. */
#define CLOSE_HOOK if (s->texts != NULL) s->texts->next->run = 0;
#include "detect.h"
