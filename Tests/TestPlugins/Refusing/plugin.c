/* A plugin that can't work with this host, and says so. */
#include <sluice/sluice.h>

#include <stddef.h>

SLUICE_NOTE("org.sluice.test-refusing", "sluice.detect/1")

__attribute__((visibility("default"))) const sluice_plugin *sluice_plugin_v1(const sluice_host *host) {
  (void)host;
  return NULL;
}
