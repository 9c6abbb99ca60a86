/* Breaks nothing. */
#include "detect.h"
