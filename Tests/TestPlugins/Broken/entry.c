/* Starts a thread in its entry. */
#include <pthread.h>
#include <unistd.h>
static void *wait_for_ever(void *unused) {
  for (;;) sleep(1000);
  return unused;
}
#define ENTRY_HOOK(host) pthread_t thread; pthread_create(&thread, NULL, wait_for_ever, NULL);
#include "detect.h"
