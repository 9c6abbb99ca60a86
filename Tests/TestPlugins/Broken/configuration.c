/* Opens a file with each instance, and never closes it. */
#include <fcntl.h>
#define CREATE_HOOK(configuration, error) if (open("/dev/null", O_RDONLY) < 0) return SLUICE_ERROR_UNAVAILABLE;
#include "detect.h"
