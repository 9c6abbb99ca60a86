/* Breaks nothing. */
#include "gate.h"
