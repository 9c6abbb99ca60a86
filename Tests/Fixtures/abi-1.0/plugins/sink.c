/* Breaks nothing. */
#include "sink.h"
