/* FilterABI is headers only; this file gives the build a translation unit, which also proves that they compile as C. */
#include "sluice/sluice.h"
