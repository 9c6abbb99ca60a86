/* A plugin that was built against a header of another major number. */
#include <sluice/sluice.h>

#include <stdlib.h>

/* As that header would have written it. */
#undef SLUICE_ABI_TEXT
#define SLUICE_ABI_TEXT "2.3"
SLUICE_NOTE("org.sluice.test-wrong-abi", "sluice.detect/1")

/* Runs while the library is loaded: a host that has read the note never gets here. */
__attribute__((constructor)) static void run(void) { abort(); }

static sluice_plugin plugin = {.size = sizeof(sluice_plugin), .abi_major = SLUICE_ABI_MAJOR + 1, .abi_minor = 3};

__attribute__((visibility("default"))) const sluice_plugin *sluice_plugin_v1(const sluice_host *host) {
  (void)host;
  return &plugin;
}
