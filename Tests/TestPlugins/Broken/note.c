/* Its file does not say what it is. */
#define NO_NOTE
#include "detect.h"
