/* lend.c: memory that a call is lent. It lies at the end of a page behind which nothing is, and where it is guarded it
 * can't be written to; when the call has returned, it holds other bytes. */
#define _GNU_SOURCE
#include "probe.h"

#include <pthread.h>
#include <sys/mman.h>
#include <unistd.h>

int lends_guarded;

enum { PAGE = 4096, MOST = 512 };

static struct loan {
  uint8_t *region;
  size_t size;
} loans[MOST];
static size_t count;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* A plain loan comes from the heap; threads each have their own. */
static __thread struct { void *data; size_t length; } plain[MOST];
static __thread size_t plain_count;

sluice_bytes lend(const void *data, size_t length) {
  if (!lends_guarded) {
    if (plain_count == MOST) abort();
    uint8_t *copy = malloc(length > 0 ? length : 1);
    if (copy == NULL) abort();
    if (length > 0) memcpy(copy, data, length);
    plain[plain_count].data = copy;
    plain[plain_count++].length = length;
    return (sluice_bytes){copy, length};
  }
  size_t size = (length + PAGE - 1) / PAGE * PAGE;
  if (size == 0) size = PAGE;
  uint8_t *region = mmap(NULL, size + PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (region == MAP_FAILED) abort();
  mprotect(region + size, PAGE, PROT_NONE);
  uint8_t *copy = region + size - length;
  if (length > 0) memcpy(copy, data, length);
  mprotect(region, size, PROT_READ);
  pthread_mutex_lock(&lock);
  if (count == MOST) abort();
  loans[count++] = (struct loan){region, size};
  pthread_mutex_unlock(&lock);
  return (sluice_bytes){copy, length};
}

void take_back(void) {
  while (plain_count > 0) {
    plain_count--;
    memset(plain[plain_count].data, 0xDD, plain[plain_count].length);
    free(plain[plain_count].data);
  }
  if (!lends_guarded) return;
  pthread_mutex_lock(&lock);
  while (count > 0) {
    count--;
    munmap(loans[count].region, loans[count].size + PAGE);
  }
  pthread_mutex_unlock(&lock);
}
