/* sealed_memory.c: C, because Swift's Glibc module shows neither memfd_create(2) nor the seals. */
#define _GNU_SOURCE
#include "SealedMemory.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#ifndef MFD_EXEC
#define MFD_EXEC 0x0010U /* Linux 6.3; where code is mapped from it, that has to be said (vm.memfd_noexec) */
#endif
#define LOWEST 20

static int write_all(int descriptor, const char *bytes, size_t length) {
  while (length > 0) {
    ssize_t count = write(descriptor, bytes, length);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return -1;
    bytes += count, length -= (size_t)count;
  }
  return 0;
}

/* Until it is sealed, a process of the same user can write to it through /proc: only afterwards it is compared. */
static int is_same(int descriptor, const void *bytes, size_t length) {
  if (length == 0) return 1;
  void *sealed = mmap(NULL, length, PROT_READ, MAP_PRIVATE, descriptor, 0);
  if (sealed == MAP_FAILED) return 0;
  int same = memcmp(sealed, bytes, length) == 0;
  munmap(sealed, length);
  if (!same) errno = EIO;
  return same;
}

int32_t sluice_seal(const char *name, const void *bytes, size_t length) {
  int made = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_EXEC);
  if (made < 0 && errno == EINVAL) made = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
  if (made < 0) return -1;
  int descriptor = made >= LOWEST ? made : fcntl(made, F_DUPFD_CLOEXEC, LOWEST);
  int failed = errno;
  if (descriptor != made) close(made);
  if (descriptor < 0) return errno = failed, -1;
  if (write_all(descriptor, bytes, length) == 0 &&
      fcntl(descriptor, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) == 0 &&
      lseek(descriptor, 0, SEEK_END) == (off_t)length && is_same(descriptor, bytes, length))
    return descriptor;
  failed = errno;
  close(descriptor);
  return errno = failed, -1;
}
