/* Edits a byte behind the text. */
#define EDIT_HOOK edit.end = base + text.length + 1;
#include "mask.h"
