/* Reads a record back without its last byte. */
#define READ_HOOK if (sequence == 17) length--;
#include "sink.h"
