/* rules_same.c: the same text gives the same, however it comes. */
#define _GNU_SOURCE
#include "probe.h"

#include <pthread.h>
#include <stdio.h>

const char *rule_excerpt(const buffer *b) {
  static __thread char text[2][200];
  static __thread int turn;
  char *into = text[turn ^= 1];
  snprintf(into, sizeof text[0], "%.*s", (int)(b->length < 180 ? b->length : 180), b->length > 0 ? (char *)b->data : "");
  return into;
}

/* ---- splits: the same findings and the same text, wherever the cuts fall ---- */

static int by_number(const void *a, const void *b) {
  size_t one = *(const size_t *)a, other = *(const size_t *)b;
  return (one > other) - (one < other);
}

static int try_cuts(const subject *s, const sample *sample, const buffer *whole, const size_t *cuts, size_t count,
                    int threads) {
  plan p = plain_plan;
  p.cuts = cuts, p.cut_count = count, p.threads = threads;
  session *session = exercise(s, sample, &p);
  int same = session->is_breached || buffer_equal(whole, &session->outcome);
  if (!same) {
    probe_fail("splits", "text %llu gives '%s' whole and '%s' in %zu pieces, the first cut at %zu",
               (unsigned long long)sample->id, rule_excerpt(whole), rule_excerpt(&session->outcome), count + 1, count > 0 ? cuts[0] : 0);
  }
  session_free(session);
  return same;
}

void rule_splits(subject *s) {
  if (strcmp(s->kind, "detect") != 0 && strcmp(s->kind, "mask") != 0) {
    probe_skip("a %s filter is given whole texts", s->kind);
    return;
  }
  size_t tried = 0, emissions = 0;
  size_t *cuts = malloc(8192 * sizeof *cuts);
  for (size_t i = 0; i < sample_count(); i++) {
    const sample *sample = sample_at(i);
    session *whole = exercise(s, sample, &plain_plan);
    emissions += (size_t)whole->emissions;
    size_t length = sample->text.length;
    int holds = !whole->is_breached;
    for (size_t at = 0; at <= length && holds; at++) holds = try_cuts(s, sample, &whole->outcome, &at, 1, 0), tried++;
    for (size_t at = 0; at < length && at < 4096; at++) cuts[at] = at + 1;
    if (holds) holds = try_cuts(s, sample, &whole->outcome, cuts, length < 4096 ? length : 4096, 0), tried++;
    for (int round = 0; round < 12 && holds; round++) {
      size_t count = 1 + chance_below(9);
      for (size_t k = 0; k < count; k++) cuts[k] = chance_below(length + 1);
      qsort(cuts, count, sizeof *cuts, by_number);
      holds = try_cuts(s, sample, &whole->outcome, cuts, count, round % 4 == 3), tried++;
    }
    session_free(whole);
  }
  free(cuts);
  if (emissions == 0) probe_remark("none of the texts made it say anything: give some that do with --text");
  probe_pass("%zu texts in %zu splits, %zu findings or edits", sample_count(), tried, emissions);
}

/* What is pending once may be known the next time: the answers that come later are looked at by `pending`. */
static int is_pending(const buffer *b) {
  static const char *const words[] = {"authenticate=1;", "decide=1;"};
  for (size_t i = 0; i < 2; i++) {
    if (b->length >= strlen(words[i]) && memcmp(b->data, words[i], strlen(words[i])) == 0) return 1;
  }
  return 0;
}

int rule_is_same(const buffer *one, const buffer *other) {
  return buffer_equal(one, other) || is_pending(one) || is_pending(other);
}

/* ---- repeat: the same again, in the same instance, in another one, and side by side with other sessions ---- */

void rule_repeat(subject *s) {
  size_t count = sample_count();
  size_t cut[256];
  session **first = calloc(count, sizeof *first), **second = calloc(count, sizeof *second);
  plan p = plain_plan;
  p.cut_count = 1;
  for (size_t i = 0; i < count; i++) {
    cut[i] = sample_at(i)->text.length / 2;
    p.cuts = &cut[i];
    first[i] = exercise(s, sample_at(i), &p);
  }
  subject other = *s;
  if (!make_instance(&other)) return;
  for (size_t i = 0; i < count; i++) {
    p.cuts = &cut[i];
    second[i] = session_open(i % 2 ? s : &other, sample_at(i), &p);
  }
  for (int more = 1; more;) {
    more = 0;
    for (size_t i = 0; i < count; i++) more |= session_step(second[i]);
  }
  for (size_t i = count; i-- > 0;) {
    session_close(second[i]);
    if (first[i]->is_breached || second[i]->is_breached || rule_is_same(&first[i]->outcome, &second[i]->outcome)) continue;
    probe_fail("repeat", "text %llu gives '%s', and the second time, beside other sessions, '%s'",
               (unsigned long long)sample_at(i)->id, rule_excerpt(&first[i]->outcome), rule_excerpt(&second[i]->outcome));
  }
  end_instance(&other);
  probe_pass("%zu texts gave the same twice, in two instances and side by side", count);
}

/* ---- turns: the texts of one session come piece by piece, now of one, now of another ---- */

void rule_turns(subject *s) {
  size_t tried = 0;
  for (size_t i = 0; i + 1 < sample_count(); i++) {
    const sample *samples[] = {sample_at(i), sample_at(i + 1)};
    session *alone[2], *both[2];
    size_t cuts[2][3];
    plan p[2] = {plain_plan, plain_plan};
    for (int k = 0; k < 2; k++) {
      size_t length = samples[k]->text.length;
      for (size_t n = 0; n < 3; n++) cuts[k][n] = length * (n + 1) / 4;
      p[k].cuts = cuts[k], p[k].cut_count = 3;
      alone[k] = exercise(s, samples[k], &p[k]);
    }
    both[0] = session_open(s, samples[0], &p[0]);
    both[1] = session_join(both[0], samples[1], &p[1]);
    for (int more = 1; more;) {
      more = session_step(both[0]);
      more |= session_step(both[1]);
    }
    session_close(both[1]), session_close(both[0]);
    for (int k = 0; k < 2; k++, tried++) {
      if (alone[k]->is_breached || both[k]->is_breached || buffer_equal(&alone[k]->outcome, &both[k]->outcome)) continue;
      probe_fail("turns", "text %zu gives '%s' alone, and '%s' where another one of the session takes turns with it",
                 i + 1 + (size_t)k, rule_excerpt(&alone[k]->outcome), rule_excerpt(&both[k]->outcome));
    }
  }
  probe_pass("%zu texts came in turns with another of their session", tried);
}

/* ---- threads: one instance, several threads ---- */

typedef struct {
  const subject *subject;
  const buffer *expected;
  size_t offset;
} worker;

static void *work(void *raw) {
  const worker *w = raw;
  for (int round = 0; round < 4; round++) {
    for (size_t i = 0; i < sample_count(); i++) {
      size_t index = (i + w->offset) % sample_count();
      session *session = exercise(w->subject, sample_at(index), &plain_plan);
      if (!rule_is_same(&w->expected[index], &session->outcome)) {
        probe_fail("threads", "text %zu gives '%s' on one thread and '%s' beside others", index + 1,
                   rule_excerpt(&w->expected[index]), rule_excerpt(&session->outcome));
      }
      session_free(session);
    }
  }
  return NULL;
}

void rule_threads(subject *s) {
  enum { THREADS = 4 };
  buffer *expected = calloc(sample_count(), sizeof *expected);
  for (size_t i = 0; i < sample_count(); i++) expected[i] = exercise(s, sample_at(i), &plain_plan)->outcome;
  pthread_t running[THREADS];
  worker workers[THREADS];
  for (size_t i = 0; i < THREADS; i++) {
    workers[i] = (worker){s, expected, i * 5};
    if (pthread_create(&running[i], NULL, work, &workers[i]) != 0) abort();
  }
  for (size_t i = 0; i < THREADS; i++) pthread_join(running[i], NULL);
  probe_pass("%d threads in one instance saw what one saw", THREADS);
}
