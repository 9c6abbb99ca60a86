/* A plugin that was built against a header of another major number. */
#include <sluice/sluice.h>

static sluice_plugin plugin = {.size = sizeof(sluice_plugin), .abi_major = SLUICE_ABI_MAJOR + 1, .abi_minor = 3};

__attribute__((visibility("default"))) const sluice_plugin *sluice_plugin_v1(const sluice_host *host) {
  (void)host;
  return &plugin;
}
