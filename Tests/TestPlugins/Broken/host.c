/* Passes a copy of the host back, where the host itself is asked for. */
#define OPEN_HOOK { sluice_host copy = *s->owner->host; copy.get_extension(&copy, text_of(SLUICE_HOST_LOG_ID)); }
#include "detect.h"
