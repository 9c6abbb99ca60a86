/* Goes from finding to finding by the size that it knows, not by the stride. */
#include <stddef.h>
#define EDIT_HOOK if (i > 0) { const sluice_finding *wrong = (const sluice_finding *)findings.first + i; edit.start = wrong->start; edit.end = wrong->end; if (wrong->end <= wrong->start || wrong->end > base + text.length || wrong->start < base) continue; }
#include "mask.h"
