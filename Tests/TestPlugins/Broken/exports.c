/* Shows a symbol of its own beside the entry. */
#include "detect.h"
EXPORTED int helper_of_mine(void) { return 1; }
