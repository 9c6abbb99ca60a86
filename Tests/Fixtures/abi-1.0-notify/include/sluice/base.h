/* base.h: numbers, spans, statuses and errors. */
#ifndef SLUICE_BASE_H
#define SLUICE_BASE_H

#include <stdint.h>

#ifdef __cplusplus
#define SLUICE_EXTERN_C_BEGIN extern "C" {
#define SLUICE_EXTERN_C_END }
#else
#define SLUICE_EXTERN_C_BEGIN
#define SLUICE_EXTERN_C_END
#endif

SLUICE_EXTERN_C_BEGIN

/* The ABI's revision. A host loads plugins of its own major number. A minor number above the host's is
 * accepted: such a plugin asks for what is newer with get_extension and finds NULL. */
#define SLUICE_ABI_MAJOR 1u
#define SLUICE_ABI_MINOR 0u

/* Bytes that someone else owns: UTF-8 where this header says text, never terminated by a NUL.
 * `data` may be NULL only where `length` is 0. */
typedef struct sluice_bytes {
  const uint8_t *data;
  uint64_t length;
} sluice_bytes;

/* An array that someone else owns. Element i begins at (const char *)first + i * stride: the stride is
 * how an array of a struct that has grown is still read by those who know its older, shorter form. */
typedef struct sluice_array {
  const void *first;
  uint64_t count;
  uint64_t stride;
} sluice_array;

/* What a function answers. 0 is success, positive is flow, negative is an error.
 * The host takes a status that it does not know as SLUICE_ERROR_INTERNAL, and so denies the exchange. */
typedef int32_t sluice_status;

#define SLUICE_OK 0
#define SLUICE_PENDING 1 /* the answer comes later, through sluice_host_completion (host.h) */

#define SLUICE_ERROR_INTERNAL (-1)      /* the filter is at fault */
#define SLUICE_ERROR_CONFIGURATION (-2) /* the configuration is; `pointer` says where */
#define SLUICE_ERROR_INPUT (-3)         /* the input is, and so the client */
#define SLUICE_ERROR_LIMIT (-4)         /* a stated limit was passed */
#define SLUICE_ERROR_UNAVAILABLE (-5)   /* something outside that the filter needs does not answer */
#define SLUICE_ERROR_UNSUPPORTED (-6)   /* this filter, or this host, does not do that */
#define SLUICE_ERROR_STALE (-7)         /* a token that was already used, or that has been given up */
#define SLUICE_ERROR_DENIED (-8)        /* the host refuses: the emitted value breaks this header's rules */

/* The detail of an error. The caller owns it and both buffers, sets size, capacities and buffers, and the
 * callee fills in the rest when it answers a negative status. May be NULL: then the detail is dropped. */
typedef struct sluice_error {
  uint32_t size;
  uint32_t flags; /* SLUICE_ERROR_PROTECTED or 0 */
  uint8_t *message; /* text: what happened, and what to do about it */
  uint64_t message_capacity;
  uint64_t message_length;
  uint8_t *pointer; /* a JSON Pointer (RFC 6901) into the configuration, for SLUICE_ERROR_CONFIGURATION */
  uint64_t pointer_capacity;
  uint64_t pointer_length;
} sluice_error;

/* The message may hold text from the exchange: the host then shows it to nobody and logs none of it. */
#define SLUICE_ERROR_PROTECTED 1u

SLUICE_EXTERN_C_END

#endif
