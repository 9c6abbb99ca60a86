/* A gate with all that its decision may hold: who must be among those who approve, and who may break the glass. */
#define DECISION_HOOK \
  sluice_bytes officers = text_of("privacy-officers"); \
  decision.approvers = (sluice_array){&officers, 1, sizeof officers}; \
  decision.required = (sluice_array){&officers, 1, sizeof officers}; \
  decision.break_glass = (sluice_array){&officers, 1, sizeof officers}; \
  decision.break_glass_lifetime = 3600;
#include "gate.h"
