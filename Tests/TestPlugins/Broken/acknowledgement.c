/* Acknowledges a record that it was never given. */
#define APPEND_HOOK s->acknowledger->acknowledge(s->acknowledger->context, s->next + 10, SLUICE_LEVEL_STABLE);
#include "sink.h"
