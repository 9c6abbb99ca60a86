/* The note of the plugin beside this folder. */
#include <sluice/note.h>

SLUICE_NOTE("org.sluice.test-swift", "sluice.detect/1 sluice.guard/1")
