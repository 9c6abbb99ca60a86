/* Holds a request that nobody may decide. */
#define DECISION_HOOK decision.verdict = SLUICE_GATE_HOLD; decision.flags = 0;
#include "gate.h"
