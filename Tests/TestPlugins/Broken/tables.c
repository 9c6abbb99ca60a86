/* Says that its table ends before `close`. */
#include <stddef.h>
#define TABLE_SIZE offsetof(sluice_detect, close)
#include "detect.h"
