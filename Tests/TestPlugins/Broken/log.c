/* Logs a text that it made up as it went. */
#include <stdio.h>
#define OPEN_HOOK { const sluice_host_log *log = s->owner->host->get_extension(s->owner->host, text_of(SLUICE_HOST_LOG_ID)); char made[40]; snprintf(made, sizeof made, "session %p", (void *)s); log->write(s->owner->host, SLUICE_LOG_INFO, text_of(made), (sluice_array){0}); }
#include "detect.h"
