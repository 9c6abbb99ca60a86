/* rules_time.c: what a filter takes of its thread. */
#define _GNU_SOURCE
#include "probe.h"

#include <sys/resource.h>
#include <time.h>

/* ---- blocking: a filter that may not wait does not ---- */

/* Sleeps of this thread in the plugin's calls alone. Between them the probe waits for what is still pending: a thread
   of the plugin's that ends, or completes, holds locks of the process's and of the probe's, which no filter's calls
   answer for. */
static long sleeps_in(subject *s, size_t *calls) {
  long sleeps = 0;
  for (int round = 0; round < 10; round++) {
    for (size_t i = 0; i < sample_count(); i++, ++*calls) {
      struct rusage before, after;
      getrusage(RUSAGE_THREAD, &before);
      session *session = exercise(s, sample_at(i), &plain_plan);
      getrusage(RUSAGE_THREAD, &after);
      sleeps += after.ru_nvcsw - before.ru_nvcsw;
      if (session->status == SLUICE_PENDING) wait_for_token(session->token, 5);
      session_free(session);
    }
  }
  return sleeps;
}

void rule_blocking(subject *s) {
  if (s->filter->flags & SLUICE_FILTER_BLOCKS) {
    probe_skip("the filter says that it may block");
    return;
  }
  for (size_t i = 0; i < sample_count(); i++) session_free(exercise(s, sample_at(i), &plain_plan)); /* what is lazy is done */
  /* A busy machine puts a thread to sleep that waits for nothing but memory: now and then. Who waits, always does. */
  for (int attempt = 1;; attempt++) {
    size_t calls = 0;
    long sleeps = sleeps_in(s, &calls);
    if (sleeps <= (long)calls / 10 + 2) {
      probe_pass("%ld sleeps in %zu exchanges", sleeps, calls);
      return;
    }
    if (attempt == 5) {
      probe_fail("blocking", "the thread went to sleep %ld times in %zu exchanges: say SLUICE_FILTER_BLOCKS, or don't wait",
                 sleeps, calls);
      return;
    }
    struct timespec moment = {0, 100000000};
    nanosleep(&moment, NULL);
  }
}

/* ---- budget: time for each KiB ---- */

static int by_double(const void *a, const void *b) {
  double one = *(const double *)a, other = *(const double *)b;
  return (one > other) - (one < other);
}

static double microseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static double measure(subject *s, size_t size, int rounds, double *p99) {
  uint8_t *text = long_text(size);
  sample one = *sample_at(2);
  one.text = (blob){text, size}, one.count = 0;
  double *times = calloc((size_t)rounds, sizeof *times);
  for (int i = 0; i < rounds; i++) {
    double begin = microseconds();
    session *session = exercise(s, &one, &plain_plan);
    times[i] = (microseconds() - begin) / ((double)size / 1024);
    session_free(session);
  }
  qsort(times, (size_t)rounds, sizeof *times, by_double);
  double p50 = times[rounds / 2];
  *p99 = times[rounds * 99 / 100];
  free(times);
  free(text);
  return p50;
}

void rule_budget(subject *s) {
  double p99, large_p99;
  double p50 = measure(s, 4 << 10, 400, &p99);
  double large = strcmp(s->kind, "authenticate") == 0 ? p50 : measure(s, 1 << 20, 7, &large_p99);
  probe_figure("p50", p50);
  probe_figure("p99", p99);
  probe_figure("p50-of-1-MiB", large);
  /* Work for each byte that grows with the text's length is an attack that is waiting to happen. */
  if (large > 16 * p50 && large > 20) {
    probe_fail("budget", "a KiB of a 1 MiB text takes %.1f us, of a 4 KiB text %.1f: the time grows faster than the text",
               large, p50);
  }
  probe_pass("%.1f us for each KiB, p99 %.1f; of a 1 MiB text %.1f (processor time)", p50, p99, large);
}
