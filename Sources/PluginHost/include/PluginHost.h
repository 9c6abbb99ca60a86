/* PluginHost.h: a plugin in a process of its own.
 *
 * The host's side looks like a plugin: the same tables, whose functions send each call to a child and copy what
 * it answers before anyone looks at it. So whatever checks a plugin in this process checks an isolated one. */
#ifndef SLUICE_PLUGIN_HOST_H
#define SLUICE_PLUGIN_HOST_H

#include "sluice/sluice.h"

/* What an isolated plugin may do beyond computing. Lists of texts, each ended by a NUL, ended by an empty one. */
typedef struct sluice_isolation_policy {
  const char *read;          /* absolute paths that it may read, with all below them */
  const char *write;         /* absolute paths that it may read, write and make files in */
  const char *ports;         /* TCP ports that it may connect to, in decimal */
  uint64_t memory;           /* bytes beyond what it has when it starts */
  uint32_t call_milliseconds;    /* for calls that exchanges wait for */
  uint32_t control_milliseconds; /* for loading, creating, and a sink's calls */
  uint32_t longest_pause_milliseconds; /* between two lives: the first is of 10 */
} sluice_isolation_policy;

/* [control] Starts `executable plugin-host` with the library at `path`, sandboxed, and has it describe itself.
 * NULL: `message` (of `capacity` bytes, ended by a NUL) says why. Its child is started again when it
 * ends, until sluice_isolation_stop. `digest_path`, of 64 bytes, gets a path at which what was loaded can be read. */
const sluice_plugin *sluice_isolation_start(const char *executable, const char *path, const sluice_host *host,
                                            const sluice_isolation_policy *policy, char *digest_path,
                                            char *message, uint64_t capacity);

/* [any] Ends its process and frees what it takes. Nobody has an instance of it, or calls it any more. Returns at once. */
void sluice_isolation_stop(const sluice_plugin *plugin);

/* [any] Numbers for metrics: how often the child was started again, and its process now, 0 where there is none. */
uint64_t sluice_isolation_restarts(const sluice_plugin *plugin);
int32_t sluice_isolation_process(const sluice_plugin *plugin);
/* [any] Bytes of memory that its process takes now; 0 where there is none. */
uint64_t sluice_isolation_resident(const sluice_plugin *plugin);

/* [control] How long calls may take that exchanges wait for, for an instance that `create` made: in place of the
 * policy's. */
void sluice_isolation_budget(void *instance, uint32_t milliseconds);

/* [any] Whether the text lies in the file of an isolated plugin: then it is a literal of its code. */
int32_t sluice_isolation_is_literal(const void *address);

/* The child's whole life; the process's exit status. */
int32_t sluice_plugin_host_main(int32_t parent);

#endif
