/* SealedMemory.h: a file's bytes in memory that nobody can change any more. */
#ifndef SLUICE_SEALED_MEMORY_H
#define SLUICE_SEALED_MEMORY_H

#include <stddef.h>
#include <stdint.h>

/* [blocking] Copies `length` bytes into an anonymous file (memfd_create(2)), seals it against writing, growing and
 * shrinking, and compares what is sealed with `bytes`. `name` is what /proc/PID/maps shows for it.
 * The descriptor, the caller's to close, is closed on exec and at least 20: lower ones are those that a child gets by
 * number. Below 0: none, and errno says why. */
int32_t sluice_seal(const char *name, const void *bytes, size_t length);

#endif
