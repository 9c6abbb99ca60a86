/* Faults that no test can ask a real disk or clock for, put before libc by LD_PRELOAD.
 *
 * SHIM_PATH     only descriptors whose path holds this text are touched
 * SHIM_SYNC     so many fsync and fdatasync succeed, then all fail with EIO
 * SHIM_WRITE    so many pwrite succeed, then all write half and fail with ENOSPC
 * SHIM_CLOCK    seconds that CLOCK_REALTIME is off by
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static atomic_long syncs, writes;

static long setting(const char *name) {
  const char *text = getenv(name);
  return text ? atol(text) : -1;
}

static int is_concerned(int descriptor) {
  const char *path = getenv("SHIM_PATH");
  char link[64], target[4096];
  if (!path) return 0;
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  ssize_t length = readlink(link, target, sizeof target - 1);
  if (length < 0) return 0;
  target[length] = 0;
  return strstr(target, path) != NULL;
}

static int sync_fails(int descriptor) {
  long limit = setting("SHIM_SYNC");
  return limit >= 0 && is_concerned(descriptor) && atomic_fetch_add(&syncs, 1) >= limit;
}

int fdatasync(int descriptor) {
  if (sync_fails(descriptor)) { errno = EIO; return -1; }
  return ((int (*)(int))dlsym(RTLD_NEXT, "fdatasync"))(descriptor);
}

int fsync(int descriptor) {
  if (sync_fails(descriptor)) { errno = EIO; return -1; }
  return ((int (*)(int))dlsym(RTLD_NEXT, "fsync"))(descriptor);
}

static ssize_t write_at(const char *name, int descriptor, const void *bytes, size_t count, off_t offset) {
  ssize_t (*real)(int, const void *, size_t, off_t) = (ssize_t (*)(int, const void *, size_t, off_t))dlsym(RTLD_NEXT, name);
  long limit = setting("SHIM_WRITE");
  if (limit >= 0 && is_concerned(descriptor)) {
    long number = atomic_fetch_add(&writes, 1);
    if (number == limit && count > 1) return real(descriptor, bytes, count / 2, offset);
    if (number >= limit) { errno = ENOSPC; return -1; }
  }
  return real(descriptor, bytes, count, offset);
}

ssize_t pwrite(int descriptor, const void *bytes, size_t count, off_t offset) {
  return write_at("pwrite", descriptor, bytes, count, offset);
}

ssize_t pwrite64(int descriptor, const void *bytes, size_t count, off_t offset) {
  return write_at("pwrite64", descriptor, bytes, count, offset);
}

int clock_gettime(clockid_t clock, struct timespec *time) {
  static int (*real)(clockid_t, struct timespec *);
  if (!real) real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
  int result = real(clock, time);
  const char *offset = getenv("SHIM_CLOCK");
  if (result == 0 && clock == CLOCK_REALTIME && offset) time->tv_sec += atol(offset);
  return result;
}
