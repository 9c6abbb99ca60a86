/* Breaks nothing. */
#include "mask.h"
