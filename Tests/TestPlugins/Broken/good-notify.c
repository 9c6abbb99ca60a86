/* Breaks nothing. */
#include "notify.h"
