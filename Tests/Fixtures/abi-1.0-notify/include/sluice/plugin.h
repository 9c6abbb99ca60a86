/* plugin.h: the entry point, the host, the plugin, and what all filters have in common. */
#ifndef SLUICE_PLUGIN_H
#define SLUICE_PLUGIN_H

#include "sluice/base.h"

SLUICE_EXTERN_C_BEGIN

/* The host, as a plugin sees it. Valid for ever. */
typedef struct sluice_host {
  uint32_t size;
  uint32_t abi_major;
  uint32_t abi_minor;
  uint32_t reserved;
  sluice_bytes version; /* of the program, for messages: "sluice 0.1.0" */
  /* [any] The table of a service by its id (host.h), or NULL where this host does not offer it. */
  const void *(*get_extension)(const struct sluice_host *host, sluice_bytes id);
} sluice_host;

/* A plugin. Valid for ever. */
typedef struct sluice_plugin {
  uint32_t size;
  uint32_t abi_major; /* SLUICE_ABI_MAJOR of the header that the plugin was built with */
  uint32_t abi_minor;
  uint32_t reserved;
  sluice_bytes id;      /* reverse DNS, lower case: "org.sluice.phi" */
  sluice_bytes version; /* of the plugin, as semver.org has it: "1.4.2" */
  /* [any] The table of an extension by its id ("sluice.detect/1"), or NULL. */
  const void *(*get_extension)(const struct sluice_plugin *plugin, sluice_bytes id);
} sluice_plugin;

/* The one symbol that a plugin exports. [control] Called once after loading. It must do nothing but hand
 * out its table: no threads, no files, no network. NULL: the plugin can't work with this host, which then
 * refuses it. */
const sluice_plugin *sluice_plugin_v1(const sluice_host *host);
typedef const sluice_plugin *(*sluice_plugin_entry)(const sluice_host *host);

/* What every filter has, whatever its stage. Each stage's table points to one.
 *
 * An instance is one configuration of a filter, shared between threads. Pipelines with the same filter
 * have an instance each; a new policy makes new instances and destroys the old ones when the last exchange
 * on them has ended. */
typedef struct sluice_filter {
  uint32_t size;
  uint32_t flags; /* SLUICE_FILTER_BLOCKS or 0 */
  sluice_bytes name;    /* as pipelines write it: "phi" in `detect: phi` */
  sluice_bytes summary; /* one line of text for people */
  sluice_bytes schema;  /* JSON Schema of the configuration; docs/pipelines.md lists the keywords */
  void *context;        /* the plugin's own; the host does not look at it */
  /* [control] Checks a configuration (canonical JSON, RFC 8785, already checked against the schema) for
   * what a schema can't say. No side effects. NULL: nothing more to check. */
  sluice_status (*validate)(const struct sluice_filter *filter, sluice_bytes configuration,
                            sluice_error *error);
  /* [control] Makes an instance. On failure *instance is not looked at and destroy is not called. */
  sluice_status (*create)(const struct sluice_filter *filter, const sluice_host *host,
                          sluice_bytes configuration, void **instance, sluice_error *error);
  /* [control] Ends an instance. All its sessions have been closed before. */
  void (*destroy)(const struct sluice_filter *filter, void *instance);
} sluice_filter;

/* The filter's [session] and [any] functions may block: the host then calls them from threads that it
 * keeps for them, never from an event loop. */
#define SLUICE_FILTER_BLOCKS 1u

SLUICE_EXTERN_C_END

#endif
