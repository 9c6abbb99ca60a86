/* Calls a function that no library has. */
int function_that_nobody_has(void);
#define ENTRY_HOOK(host) if (function_that_nobody_has() == 4711) return NULL;
#include "detect.h"
