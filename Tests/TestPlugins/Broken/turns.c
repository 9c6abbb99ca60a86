/* Has one state for all texts of a session. */
#define IS_SAME_TEXT(t, segment) 1
#include "detect.h"
