/* Completes each token twice. */
#define AFTER_COMPLETION completion->decided(q.host, q.token, &decision);
#include "gate.h"
