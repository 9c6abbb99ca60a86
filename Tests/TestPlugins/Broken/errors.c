/* Writes to the detail of an error that nobody wants. */
#define CREATE_HOOK(configuration, error) if (configuration.length < 2 || configuration.data[0] != 0x7B) { error->message_length = 0; return SLUICE_ERROR_CONFIGURATION; }
#include "detect.h"
