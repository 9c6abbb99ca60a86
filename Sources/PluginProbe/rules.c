/* rules.c: the rules that filters of all kinds but sinks share, each a function. What breaks a rule is said where it is
 * seen: an emitter's rules in emitters.c, safe_through's in session.c. */
#define _GNU_SOURCE
#include "probe.h"

#include <pthread.h>
#include <stdio.h>
#include <sys/resource.h>
#include <time.h>

static const char *excerpt(const buffer *b) {
  static __thread char text[2][200];
  static __thread int turn;
  char *into = text[turn ^= 1];
  snprintf(into, sizeof text[0], "%.*s", (int)(b->length < 180 ? b->length : 180), b->length > 0 ? (char *)b->data : "");
  return into;
}

/* ---- tables: what plugin.h and the stage's header demand of what is handed out ---- */

static int is_word(sluice_bytes text, size_t longest, const char *more) {
  if (text.data == NULL || text.length == 0 || text.length > longest) return 0;
  for (uint64_t i = 0; i < text.length; i++) {
    uint8_t b = text.data[i];
    if (!((b >= 'a' && b <= 'z') || (b >= '0' && b <= '9') || strchr(more, b) != NULL)) return 0;
  }
  return 1;
}

static void tables(subject *s) {
  const sluice_plugin *plugin = s->plugin;
  if (plugin->abi_major != SLUICE_ABI_MAJOR) probe_fail("tables", "abi_major is %u", plugin->abi_major);
  if (!is_word(plugin->id, 128, ".-_")) probe_fail("tables", "the plugin's id is not in lower case and reverse DNS");
  if (plugin->version.length == 0 || plugin->version.length > 64) probe_fail("tables", "the plugin has no version");
  if (!is_word(s->filter->name, 64, "-")) probe_fail("tables", "the filter's name is not lower-case letters, digits and -");
  if (s->filter->summary.length == 0) probe_fail("tables", "the filter has no summary");
  if (s->filter->flags & ~SLUICE_FILTER_BLOCKS) probe_fail("tables", "the filter's flags have bits that mean nothing");
  if (plugin->get_extension(plugin, text_of(s->id)) != s->table) {
    probe_fail("tables", "get_extension answers another table the second time");
  }
  /* An id is compared whole, and its text is not kept. */
  const char *others[] = {"", "sluice", "sluice.detect/2", "sluice.unknown/1", "sluice.detect/1x"};
  for (size_t i = 0; i < 5; i++) {
    if (plugin->get_extension(plugin, text_of(others[i])) != NULL) {
      probe_fail("tables", "get_extension answers a table to '%s', which it does not know", others[i]);
    }
  }
  const void *const *functions = (const void *const *)((const char *)s->table + offsetof(sluice_detect, maximum_hold));
  const sluice_detect *table = s->table;
  size_t needed = strcmp(s->kind, "detect") == 0 ? 4 : strcmp(s->kind, "mask") == 0 ? 3 : strcmp(s->kind, "sink") == 0 ? 6
                  : strcmp(s->kind, "gate") == 0 || strcmp(s->kind, "authenticate") == 0 || strcmp(s->kind, "notify") == 0 ? 1 : 5;
  if (table->size < offsetof(sluice_detect, maximum_hold) + needed * sizeof(void *)) {
    probe_fail("tables", "the table's size is %u: it ends before its functions do", table->size);
    return;
  }
  int may_miss_first = strcmp(s->kind, "guard") == 0 || strcmp(s->kind, "score") == 0;
  for (size_t i = may_miss_first ? 1 : 0; i < needed; i++) {
    if (functions[i] == NULL) probe_fail("tables", "function %zu of the table '%s' is missing", i + 1, s->id);
  }
  probe_pass("the tables are whole");
}

/* The schema, for the parent to read; and a host of another major number is refused. */
static void schema(subject *s) {
  char name[16];
  snprintf(name, sizeof name, "%s", s->kind);
  size_t length = s->filter->schema.length;
  if (s->filter->schema.data == NULL || length == 0 || length > 1 << 20) {
    probe_fail("tables", "the filter exports no schema of at most 1 MiB");
    return;
  }
  char *hex = malloc(length * 2 + 1);
  for (size_t i = 0; i < length; i++) sprintf(hex + 2 * i, "%02x", s->filter->schema.data[i]);
  dprintf(probe_task_now->report, "schema\t%s\t%s\n", name, hex);
  dprintf(probe_task_now->report, "name\t%s\t%.*s\n", name, (int)s->filter->name.length, s->filter->name.data);
  free(hex);
}

/* ---- configuration: validate has no side effects; what fails leaves nothing behind ---- */

static void configuration(subject *s) {
  size_t descriptors = open_descriptors(), threads = live_threads();
  if (s->filter->validate != NULL) {
    for (int i = 0; i < 20; i++) {
      sluice_bytes json = lend(probe_task_now->configuration, strlen(probe_task_now->configuration));
      sluice_status status = s->filter->validate(s->filter, json, i % 2 ? NULL : fresh_error());
      take_back();
      if (status != SLUICE_OK) probe_fail("configuration", "validate answers %d to a configuration that create takes", status);
    }
    if (open_descriptors() > descriptors) probe_fail("configuration", "validate leaves files or sockets open");
    if (live_threads() > threads) probe_fail("configuration", "validate leaves threads behind");
  }
  if (!make_instance(s)) return;
  end_instance(s);
  descriptors = open_descriptors(), threads = live_threads();
  for (int i = 0; i < 5 && make_instance(s); i++) end_instance(s);
  if (open_descriptors() > descriptors) probe_fail("configuration", "instances leave files or sockets open when they end");
  if (live_threads() > threads) probe_fail("configuration", "instances leave threads behind when they end");
  probe_pass("instances come and go, and leave nothing behind");
}

/* ---- lifecycle: every order of calls that the headers allow ---- */

static void lifecycle(subject *s) {
  plan p = plain_plan;
  size_t done = 0;
  /* Closed at once, in the middle of a text, and after its end. */
  for (size_t i = 0; i < sample_count(); i++) {
    const sample *sample = sample_at(i);
    size_t cuts[] = {sample->text.length / 3, sample->text.length / 2, sample->text.length};
    for (int steps = 0; steps < 5; steps++) {
      p = plain_plan;
      p.cuts = cuts, p.cut_count = 3, p.abandons_after = steps;
      session *session = exercise(s, sample, &p);
      session_free(session);
      done++;
    }
  }
  /* Many at once, and two instances. */
  enum { MANY = 64 };
  session *many[MANY];
  for (size_t i = 0; i < MANY; i++) many[i] = session_open(s, sample_at(i % sample_count()), &plain_plan);
  for (size_t i = 0; i < MANY; i += 2) session_close(many[i]), session_free(many[i]);
  subject other = *s;
  if (!make_instance(&other)) return;
  for (size_t i = 1; i < MANY; i += 2) {
    while (session_step(many[i])) continue;
    session_close(many[i]), session_free(many[i]);
  }
  session *last = exercise(&other, sample_at(2), &plain_plan);
  session_free(last);
  end_instance(&other);
  /* An instance that has never had a session, and one that had some before. */
  end_instance(s);
  if (!make_instance(s)) return;
  last = exercise(s, sample_at(3), &plain_plan);
  session_free(last);
  probe_pass("%zu sessions were closed early, late and side by side", done + MANY + 2);
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
               (unsigned long long)sample->id, excerpt(whole), excerpt(&session->outcome), count + 1, count > 0 ? cuts[0] : 0);
  }
  session_free(session);
  return same;
}

static void splits(subject *s) {
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

static int is_same(const buffer *one, const buffer *other) {
  return buffer_equal(one, other) || is_pending(one) || is_pending(other);
}

/* ---- repeat: the same again, in the same instance, in another one, and side by side with other sessions ---- */

static void repeat(subject *s) {
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
    if (first[i]->is_breached || second[i]->is_breached || is_same(&first[i]->outcome, &second[i]->outcome)) continue;
    probe_fail("repeat", "text %llu gives '%s', and the second time, beside other sessions, '%s'",
               (unsigned long long)sample_at(i)->id, excerpt(&first[i]->outcome), excerpt(&second[i]->outcome));
  }
  end_instance(&other);
  probe_pass("%zu texts gave the same twice, in two instances and side by side", count);
}

/* ---- turns: the texts of one session come piece by piece, now of one, now of another ---- */

static void turns(subject *s) {
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
                 i + 1 + (size_t)k, excerpt(&alone[k]->outcome), excerpt(&both[k]->outcome));
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
      if (!is_same(&w->expected[index], &session->outcome)) {
        probe_fail("threads", "text %zu gives '%s' on one thread and '%s' beside others", index + 1,
                   excerpt(&w->expected[index]), excerpt(&session->outcome));
      }
      session_free(session);
    }
  }
  return NULL;
}

static void threads(subject *s) {
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

/* ---- memory: input is read where it lies, within its length, while the call lasts ---- */

static void memory(subject *s) {
  lends_guarded = 1;
  for (size_t i = 0; i < sample_count(); i++) {
    plan p = plain_plan;
    size_t cuts[] = {sample_at(i)->text.length / 3, sample_at(i)->text.length / 2};
    p.cuts = cuts, p.cut_count = 2, p.threads = i % 2;
    session_free(exercise(s, sample_at(i), &p));
  }
  lends_guarded = 0;
  probe_pass("nothing is read past its end, written to, or needed after the call");
}

/* ---- growth: structs and arrays in the form of a header to come ---- */

static void growth(subject *s) {
  for (size_t i = 0; i < sample_count(); i++) {
    session *now = exercise(s, sample_at(i), &plain_plan);
    plan p = plain_plan;
    p.grown = 1;
    session *later = exercise(s, sample_at(i), &p);
    if (!is_same(&now->outcome, &later->outcome)) {
      probe_fail("growth", "text %zu gives '%s', and '%s' where structs are longer and strides wider", i + 1,
                 excerpt(&now->outcome), excerpt(&later->outcome));
    }
    session_free(now), session_free(later);
  }
  probe_pass("structs may grow, and strides with them");
}

/* ---- errors: NULL for the detail, an emitter that says no ---- */

static void errors(subject *s) {
  static const char *const wrong[] = {"", "nothing", "[]", "{\"x\":", "\"\xFF\"", "{\"\":{\"\":[[[[]]]]}}", "null"};
  for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
    for (int without = 0; without < 2; without++) {
      sluice_error *error = without ? NULL : fresh_error();
      sluice_bytes json = lend(wrong[i], strlen(wrong[i]));
      void *made = NULL;
      sluice_status status = s->filter->create(s->filter, probe_host, json, &made, error);
      take_back();
      session unused = {.plan = plain_plan};
      note_status(&unused, status, error, "create");
      if (status == SLUICE_OK) s->filter->destroy(s->filter, made);
      if (status == SLUICE_PENDING) probe_fail("errors", "create answers that it is pending");
    }
  }
  for (size_t i = 0; i < sample_count(); i++) {
    for (int denies = 0; denies < 3; denies++) {
      plan p = plain_plan;
      p.denies_after = denies, p.without_error = (int)i % 2;
      session_free(exercise(s, sample_at(i), &p));
    }
  }
  probe_pass("it fails as it should: without a place for the detail, and where its emissions are denied");
}

/* ---- hostile: whatever a client or an earlier stage may send ---- */

static void hostile(subject *s) {
  static const uint8_t broken[] = {0xFF, 0xFE, 0x80, 0xC3, 0x28, 0xE2, 0x82, 0xF0, 0x9F, 0x91, 0x00, 0xED, 0xA0, 0x80, 0xC0, 0xAF};
  uint8_t all[512];
  for (size_t i = 0; i < sizeof all; i++) all[i] = (uint8_t)i;
  sample s1 = *sample_at(2);
  s1.count = 0, s1.role = 0xFFFFFFFF, s1.pointer = "", s1.name = "";
  blob blobs[] = {{(const uint8_t *)"", 0}, {broken, sizeof broken}, {all, sizeof all}, {(const uint8_t *)"\0\0\0\0", 4}};
  for (size_t i = 0; i < sizeof blobs / sizeof blobs[0]; i++) {
    s1.text = blobs[i], s1.id = 1000 + i;
    size_t cuts[] = {0, 0, blobs[i].length / 2, blobs[i].length / 2, blobs[i].length, blobs[i].length};
    plan p = plain_plan;
    session_free(exercise(s, &s1, &p));
    p.cuts = cuts, p.cut_count = 6;
    session_free(exercise(s, &s1, &p));
  }
  for (int round = 0; round < 200; round++) {
    uint8_t noise[300];
    size_t length = chance_below(sizeof noise);
    for (size_t i = 0; i < length; i++) noise[i] = round % 2 ? (uint8_t)chance() : "0123456789-ABC abc\xC3\xA9"[chance_below(20)];
    s1.text = (blob){noise, length}, s1.id = UINT64_MAX - (uint64_t)round;
    size_t cuts[] = {chance_below(length + 1)};
    plan p = plain_plan;
    p.cuts = cuts, p.cut_count = 1;
    session_free(exercise(s, &s1, &p));
  }
  /* Findings of earlier stages that can't be true. */
  plan p = plain_plan;
  p.hostile_findings = 1;
  for (size_t i = 0; i < sample_count(); i++) session_free(exercise(s, sample_at(i), &p));
  /* Many texts in one session's life, and one long one. */
  size_t huge = 4 << 20;
  uint8_t *text = long_text(huge);
  s1.text = (blob){text, huge}, s1.id = 5, s1.role = SLUICE_ROLE_USER;
  if (strcmp(s->kind, "authenticate") != 0) session_free(exercise(s, &s1, &plain_plan));
  memset(text, '7', huge);
  if (strcmp(s->kind, "authenticate") != 0) session_free(exercise(s, &s1, &plain_plan));
  free(text);
  probe_pass("empty, broken, random and %zu MiB long texts, and findings that can't be true", huge >> 20);
}

/* ---- canary: text of an exchange stays where it belongs ---- */

static void canary(subject *s) {
  listens_for_canaries = 1;
  for (size_t i = 0; i < sample_count(); i++) {
    for (int round = 0; round < 2; round++) {
      plan p = plain_plan;
      p.denies_after = round == 0 ? -1 : 0;
      session *session = exercise(s, sample_at(i), &p);
      session_free(session);
    }
  }
  /* The parent looks at what was printed. */
  probe_pass("planted values appear in no log, no message and no name");
}

/* ---- pending: answers that come later ---- */

static void pending(subject *s) {
  int is_gate = strcmp(s->kind, "gate") == 0;
  if (!is_gate && strcmp(s->kind, "authenticate") != 0) {
    probe_skip("a %s filter answers at once", s->kind);
    return;
  }
  const sluice_gate *gate = s->table;
  const sluice_authenticate *authenticate = s->table;
  void (*cancel)(void *, uint64_t) = NULL;
  if (is_gate && gate->size >= sizeof *gate) cancel = gate->cancel;
  if (!is_gate && authenticate->size >= sizeof *authenticate) cancel = authenticate->cancel;
  size_t pending = 0, late = 0;
  for (size_t i = 0; i < sample_count(); i++) {
    session *session = exercise(s, sample_at(i), &plain_plan);
    if (session->status == SLUICE_PENDING) {
      pending++;
      if (i % 2 == 0 && !wait_for_token(session->token, 2000)) late++;
      cancel_token(session->token);
      if (cancel != NULL) cancel(s->instance, session->token);
    }
    session_free(session);
  }
  /* Tokens that were never pending, or are long done. */
  if (cancel != NULL) {
    cancel(s->instance, 0);
    cancel(s->instance, UINT64_MAX);
    cancel(s->instance, issue_token(is_gate));
  }
  if (pending > 0) {
    struct timespec moment = {0, 200000000};
    nanosleep(&moment, NULL); /* for completions that come when nobody waits for them any more */
  }
  completion_counts counts = completions();
  if (late > 0) probe_remark("%zu answers had not come after 2 s, and were cancelled", late);
  probe_pass("%zu answers were pending, %llu were completed, %llu too late", pending,
             (unsigned long long)counts.completed, (unsigned long long)counts.stale);
}

/* ---- blocking: a filter that may not wait does not ---- */

static void blocking(subject *s) {
  if (s->filter->flags & SLUICE_FILTER_BLOCKS) {
    probe_skip("the filter says that it may block");
    return;
  }
  for (size_t i = 0; i < sample_count(); i++) session_free(exercise(s, sample_at(i), &plain_plan)); /* what is lazy is done */
  struct rusage before, after;
  size_t calls = 0;
  getrusage(RUSAGE_THREAD, &before);
  for (int round = 0; round < 10; round++) {
    for (size_t i = 0; i < sample_count(); i++) session_free(exercise(s, sample_at(i), &plain_plan)), calls++;
  }
  getrusage(RUSAGE_THREAD, &after);
  long waits = after.ru_nvcsw - before.ru_nvcsw;
  if (waits > (long)calls / 10 + 2) {
    probe_fail("blocking", "the thread went to sleep %ld times in %zu exchanges: say SLUICE_FILTER_BLOCKS, or don't wait",
               waits, calls);
  }
  probe_pass("%ld sleeps in %zu exchanges", waits, calls);
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

static void budget(subject *s) {
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

/* ---- */

static const struct {
  const char *name;
  void (*run)(subject *);
  int needs_instance;
} rules[] = {
    {"tables", tables, 0},       {"schema", schema, 0},   {"configuration", configuration, 0},
    {"lifecycle", lifecycle, 1}, {"splits", splits, 1},   {"repeat", repeat, 1},
    {"turns", turns, 1},         {"threads", threads, 1},     {"memory", memory, 1},   {"growth", growth, 1},
    {"errors", errors, 1},       {"hostile", hostile, 1}, {"canary", canary, 1},
    {"pending", pending, 1},     {"blocking", blocking, 1}, {"budget", budget, 1},
};

int run_rule(const char *rule, subject *s) {
  for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
    if (strcmp(rules[i].name, rule) != 0) continue;
    /* The host's thread waits for the child, and its processor time is not the plugin's. */
    if (probe_task_now->isolated[0] != 0 && (strcmp(rule, "blocking") == 0 || strcmp(rule, "budget") == 0)) {
      probe_skip("it is looked at in process");
      return 1;
    }
    int is_sink = strcmp(s->kind, "sink") == 0;
    if (strcmp(s->kind, "notify") == 0 && rules[i].needs_instance) return run_notify_rule(rule, s);
    if (is_sink && rules[i].needs_instance) return run_sink_rule(rule, s);
    if (rules[i].needs_instance && !make_instance(s)) return 1;
    rules[i].run(s);
    if (s->instance != NULL) end_instance(s);
    return 1;
  }
  if (strcmp(s->kind, "notify") == 0) return run_notify_rule(rule, s);
  return strcmp(s->kind, "sink") == 0 ? run_sink_rule(rule, s) : 0;
}
