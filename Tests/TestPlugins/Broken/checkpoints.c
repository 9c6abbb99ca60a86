/* Answers OK to a checkpoint of more than five records, and forgets it. */
#define CHECKPOINT_HOOK if (size > 5) return SLUICE_OK;
#include "sink.h"
