/* A shared library that says that it is a plugin, and is none. */
#include <sluice/note.h>

SLUICE_NOTE("org.sluice.test-no-entry", "sluice.detect/1")

__attribute__((visibility("default"))) int test_no_entry(void) { return 1; }
