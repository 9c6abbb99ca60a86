/* Believes whoever brings any signature. */
#define TRUST_HOOK \
  if (call->headers.count > 0 && ((const sluice_header *)call->headers.first)->value.length > 0) is_signed = 1;
#include "notify.h"
