/* exchange.h: what the stages of an exchange look at: who, what, where, and what was found. */
#ifndef SLUICE_EXCHANGE_H
#define SLUICE_EXCHANGE_H

#include "sluice/base.h"

SLUICE_EXTERN_C_BEGIN

/* Which way a text travels. */
#define SLUICE_DIRECTION_REQUEST 0u  /* from the client to the upstream */
#define SLUICE_DIRECTION_RESPONSE 1u /* from the upstream to the client */

/* Whose words a segment holds, as far as the protocol tells. New roles may come: treat one that you do not
 * know as SLUICE_ROLE_UNKNOWN. */
#define SLUICE_ROLE_UNKNOWN 0u
#define SLUICE_ROLE_SYSTEM 1u
#define SLUICE_ROLE_DEVELOPER 2u
#define SLUICE_ROLE_USER 3u
#define SLUICE_ROLE_ASSISTANT 4u
#define SLUICE_ROLE_TOOL 5u           /* what a tool answered */
#define SLUICE_ROLE_TOOL_NAME 6u      /* the name of a tool that is offered or called */
#define SLUICE_ROLE_TOOL_ARGUMENTS 7u /* what a tool is called with */
#define SLUICE_ROLE_SCHEMA 8u         /* descriptions and schemas of tools and outputs */
#define SLUICE_ROLE_METADATA 9u       /* values that describe the exchange: user ids, tags, file names */
#define SLUICE_ROLE_KEY 10u           /* the name of an object member that the protocol does not know */

/* Who is asking. */
typedef struct sluice_principal {
  uint32_t size;
  uint32_t reserved;
  sluice_bytes subject;     /* stable and unique within what established it */
  sluice_bytes email;       /* may be empty */
  sluice_array groups;      /* of sluice_bytes */
  sluice_bytes established; /* how: the name of the authenticate filter, "keys" */
  sluice_bytes credential;  /* an id of the credential that may be shown and logged; never the credential */
  int64_t expires;          /* seconds since 1970 UTC; 0: no expiry of its own */
} sluice_principal;

/* A fact about the exchange, e.g. "model" = "gpt-5" or "tool" = "run_terminal_cmd". A name may recur. */
typedef struct sluice_attribute {
  uint32_t size;
  uint32_t reserved;
  sluice_bytes name;  /* "model", "tool", "media", "stream", "path", "upstream" (its host),
                         "time" (of the request, in seconds since 1970) */
  sluice_bytes value; /* from the client: as hostile as any text */
} sluice_attribute;

/* One request or one response, as a session sees it when it is opened. */
typedef struct sluice_exchange {
  uint32_t size;
  uint32_t direction;
  sluice_bytes id;       /* of the exchange, as evidence and error messages name it */
  sluice_bytes session;  /* of the principal's run of exchanges on this pipeline */
  sluice_bytes pipeline; /* its name */
  const sluice_principal *principal;
  sluice_array attributes; /* of sluice_attribute */
} sluice_exchange;

/* One text value inside a payload. */
typedef struct sluice_segment {
  uint32_t size;
  uint32_t direction;
  uint32_t role;
  uint32_t flags; /* SLUICE_SEGMENT_STREAMED or 0 */
  uint64_t id;    /* unique within the session */
  sluice_bytes pointer; /* JSON Pointer (RFC 6901) into the payload; empty: the payload itself */
  sluice_bytes name;    /* the object member that holds the value, e.g. "ssn": context for detectors */
} sluice_segment;

/* The text arrives in pieces, over several calls. */
#define SLUICE_SEGMENT_STREAMED 1u

/* A protected value: bytes [start, end) of a segment's text. */
typedef struct sluice_finding {
  uint32_t size;
  uint32_t confidence; /* 0 to 10000 */
  uint64_t start;      /* in bytes of the segment's decoded UTF-8 text, from its very beginning */
  uint64_t end;        /* above start; both on borders of code points */
  sluice_bytes kind;     /* upper-case ASCII and _, at most 32 bytes: "NAME", "SSN", "MRN" */
  sluice_bytes detector; /* which rule found it, lower-case ASCII, at most 64 bytes: "phi/ssn" */
} sluice_finding;

SLUICE_EXTERN_C_END

#endif
