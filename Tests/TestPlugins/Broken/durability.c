/* Keeps what it was given in memory, and says that it is on stable storage. */
#define KEEP_HOOK 0
#include "sink.h"
