/* host.h: what the host offers to plugins, each by its id through sluice_host.get_extension. */
#ifndef SLUICE_HOST_H
#define SLUICE_HOST_H

#include "sluice/exchange.h"
#include "sluice/plugin.h"

SLUICE_EXTERN_C_BEGIN

/* ---- Logging: "sluice.host.log/1" ---------------------------------------------------------------------
 * There is no way to log free text. A template is a string literal of the plugin's code; what varies goes
 * into fields, each public or protected. The host prints protected ones as their length alone. */
#define SLUICE_HOST_LOG_ID "sluice.host.log/1"

#define SLUICE_LOG_DEBUG 0u
#define SLUICE_LOG_INFO 1u
#define SLUICE_LOG_WARNING 2u
#define SLUICE_LOG_ERROR 3u

#define SLUICE_FIELD_PUBLIC 0u
#define SLUICE_FIELD_PROTECTED 1u

typedef struct sluice_log_field {
  uint32_t size;
  uint32_t disclosure; /* SLUICE_FIELD_*; any other value counts as protected */
  sluice_bytes name;
  sluice_bytes text; /* the value, where it is text */
  int64_t number;    /* the value, where `text.data` is NULL */
} sluice_log_field;

typedef struct sluice_host_log {
  uint32_t size;
  uint32_t reserved;
  /* [any] `fields` of sluice_log_field. */
  void (*write)(const sluice_host *host, uint32_t level, sluice_bytes template_text, sluice_array fields);
} sluice_host_log;

/* ---- Fingerprints: "sluice.host.fingerprint/1" ---------------------------------------------------------
 * A keyed hash (HMAC-SHA-256, cut to 16 bytes) under a key of this installation that never leaves the
 * host. The same value gets the same fingerprint on every replica, and nobody without the key can try
 * values out. */
#define SLUICE_HOST_FINGERPRINT_ID "sluice.host.fingerprint/1"

typedef struct sluice_host_fingerprint {
  uint32_t size;
  uint32_t reserved;
  /* [any] Of `value` (normalised by the caller) within `domain`, e.g. a kind: the same value in two
   * domains has two fingerprints. Writes 16 bytes to `out`. */
  sluice_status (*compute)(const sluice_host *host, sluice_bytes domain, sluice_bytes value, uint8_t *out);
} sluice_host_fingerprint;

/* ---- Keys: "sluice.host.keys/1" ------------------------------------------------------------------------
 * The keys that this installation has issued, for authenticate filters. */
#define SLUICE_HOST_KEYS_ID "sluice.host.keys/1"

#define SLUICE_KEY_VALID 0u
#define SLUICE_KEY_UNKNOWN 1u
#define SLUICE_KEY_EXPIRED 2u
#define SLUICE_KEY_REVOKED 3u

/* Takes the principal of a valid key, once, before find returns. Copies nothing: it is valid in the call. */
typedef struct sluice_key_receiver {
  uint32_t size;
  uint32_t reserved;
  void *context;
  void (*principal)(void *context, const sluice_principal *principal);
} sluice_key_receiver;

typedef struct sluice_host_keys {
  uint32_t size;
  uint32_t reserved;
  /* [any] Looks a key up by the SHA-256 of its text (32 bytes). SLUICE_ERROR_UNAVAILABLE where the store
   * can't be read and the key is not known already: deny then. */
  sluice_status (*find)(const sluice_host *host, const uint8_t *digest, uint32_t *state,
                        const sluice_key_receiver *receiver);
} sluice_host_keys;

/* ---- Completion: "sluice.host.completion/1" ------------------------------------------------------------
 * For filters that answered SLUICE_PENDING. A token is 64 bits, generation-checked, and completes once. */
#define SLUICE_HOST_COMPLETION_ID "sluice.host.completion/1"

struct sluice_authentication;
struct sluice_gate_decision;

typedef struct sluice_host_completion {
  uint32_t size;
  uint32_t reserved;
  /* [any] Both answer SLUICE_ERROR_STALE where the token was completed before, cancelled or timed out. */
  sluice_status (*authenticated)(const sluice_host *host, uint64_t token,
                                 const struct sluice_authentication *authentication);
  sluice_status (*decided)(const sluice_host *host, uint64_t token,
                           const struct sluice_gate_decision *decision);
} sluice_host_completion;

SLUICE_EXTERN_C_END

#endif
