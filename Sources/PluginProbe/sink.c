/* sink.c: what sink.h promises: nothing is lost that was acknowledged, and nothing is there twice. */
#define _GNU_SOURCE
#include "probe.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/random.h>
#include <unistd.h>

/* What outlives the process: how many records were offered, and up to where they were acknowledged. The log has a name
 * like one of the host's, another for each test, so that a store which outlives the test begins anew. */
typedef struct {
  uint64_t offered, acknowledged;
  char log[33];
} ledger;

static ledger *kept;
static ledger local;

static void open_ledger(void) {
  kept = &local;
  int file = probe_task_now->state[0] != 0 ? open(probe_task_now->state, O_RDWR | O_CREAT | O_CLOEXEC, 0600) : -1;
  if (file < 0 || pread(file, &local, sizeof local, 0) != sizeof local) {
    uint64_t chance[2] = {0};
    local = (ledger){0};
    if (getrandom(chance, sizeof chance, 0) != sizeof chance) abort();
    snprintf(local.log, sizeof local.log, "%016llx%016llx", (unsigned long long)chance[0], (unsigned long long)chance[1]);
    if (file >= 0 && pwrite(file, &local, sizeof local, 0) != sizeof local) abort();
  }
  if (file < 0) return;
  /* Written with pwrite at each change: a killed process leaves what it wrote. */
  close(file);
}

static void keep(void) {
  int file = probe_task_now->state[0] != 0 ? open(probe_task_now->state, O_RDWR | O_CLOEXEC) : -1;
  if (file < 0) return;
  ssize_t done = pwrite(file, &local, sizeof local, 0);
  (void)done;
  close(file);
}

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static uint64_t offered_now;            /* below this sequence records have been offered */
static uint64_t acknowledged[4];        /* for each level, below which sequence */
static uint64_t held;                   /* below this sequence the sink holds all, as its last recover has it */
static uint32_t promise;

uint64_t sink_held(void) { return held; }

static int is_open;

static sluice_status acknowledge(void *context, uint64_t sequence, uint32_t level) {
  (void)context;
  pthread_mutex_lock(&lock);
  sluice_status status = SLUICE_OK;
  if (!is_open) {
    probe_fail("acknowledgement", "record %llu was acknowledged after close had returned", (unsigned long long)sequence);
    status = SLUICE_ERROR_STALE;
  } else if (level > promise) {
    probe_fail("acknowledgement", "level %u was acknowledged, and the sink promises %u at most", level, promise);
    status = SLUICE_ERROR_DENIED;
  } else if (sequence >= offered_now) {
    probe_fail("acknowledgement", "record %llu was acknowledged, and was never given", (unsigned long long)sequence);
    status = SLUICE_ERROR_DENIED;
  } else if (sequence + 1 < acknowledged[level]) {
    probe_fail("acknowledgement", "the acknowledged sequence of level %u went back", level);
    status = SLUICE_ERROR_DENIED;
  } else {
    acknowledged[level] = sequence + 1;
    if (level == promise && sequence + 1 > kept->acknowledged) kept->acknowledged = sequence + 1, keep();
  }
  pthread_mutex_unlock(&lock);
  return status;
}

static const sluice_acknowledger acknowledger = {.size = sizeof acknowledger, .acknowledge = acknowledge};

int sink_check(const char *rule, sluice_status status, const sluice_error *error, const char *call) {
  session unused = {.plan = plain_plan};
  note_status(&unused, status, error, call);
  if (status == SLUICE_OK) return 1;
  uint64_t length = error->message_length < error->message_capacity ? error->message_length : error->message_capacity;
  probe_fail(rule, "%s answers %d: %.*s", call, status, (int)length, error->message);
  return 0;
}

int sink_open(subject *s, void **session, uint64_t *next) {
  const sluice_sink *table = s->table;
  sluice_error *error = fresh_error();
  promise = table->promises(s->instance);
  if (promise > SLUICE_LEVEL_REPLICATED) {
    probe_fail("acknowledgement", "it promises level %u, which there is not", promise);
    return 0;
  }
  memset(acknowledged, 0, sizeof acknowledged);
  offered_now = kept->offered; /* in an earlier life, too */
  is_open = 1;
  sluice_status status = table->open(s->instance, lend(kept->log, strlen(kept->log)), &acknowledger, session, error);
  take_back();
  if (!sink_check("durability", status, error, "open")) return 0;
  /* As the host does: what is not there yet is asked again. A killed connection may still be known to a server. */
  for (int tries = 0;; tries++) {
    error = fresh_error();
    *next = UINT64_MAX;
    status = table->recover(*session, next, error);
    if (status != SLUICE_ERROR_UNAVAILABLE || tries == 100) break;
    usleep(100000);
  }
  if (!sink_check("durability", status, error, "recover")) return 0;
  if (*next > kept->offered) {
    probe_fail("durability", "recover asks for record %llu, and only %llu were ever given", (unsigned long long)*next,
               (unsigned long long)kept->offered);
    return 0;
  }
  /* A sink may ask for records that it holds once more, to compare them: it acknowledges them as it recovers. */
  pthread_mutex_lock(&lock);
  held = acknowledged[promise] > *next ? acknowledged[promise] : *next;
  pthread_mutex_unlock(&lock);
  if (promise >= SLUICE_LEVEL_WRITTEN && held < kept->acknowledged) {
    probe_fail("durability", "recover asks for record %llu again, and %llu were acknowledged: they are lost",
               (unsigned long long)*next, (unsigned long long)kept->acknowledged);
    return 0;
  }
  return 1;
}

void sink_close(subject *s, void *session) {
  ((const sluice_sink *)s->table)->close(session);
  pthread_mutex_lock(&lock);
  is_open = 0;
  pthread_mutex_unlock(&lock);
}

const char *sink_log(void) { return kept->log; }

/* The record of a number: always the same one. */
size_t sink_record(uint64_t sequence, char *json) {
  return (size_t)snprintf(json, SINK_RECORD,
                          "{\"data\":{\"text\":\"%s %s\"},\"sequence\":%llu,\"time\":\"2026-01-02T03:04:05.%06lluZ\",\"type\":\"probe\",\"v\":1}",
                          probe_canaries[sequence % 3], sequence % 5 ? "ok" : "\xC3\xA9", (unsigned long long)sequence,
                          (unsigned long long)(sequence % 1000000));
}

/* Gives records [next, next + count); answers how many were taken, or -1. */
int64_t sink_append(subject *s, void *session, uint64_t next, size_t count, int grown) {
  const sluice_sink *table = s->table;
  size_t stride = sizeof(sluice_record) + (grown ? 24 : 0);
  uint8_t *records = calloc(count, stride);
  for (size_t i = 0; i < count; i++) {
    char json[SINK_RECORD];
    size_t length = sink_record(next + i, json);
    sluice_record record = {.size = (uint32_t)stride, .sequence = next + i, .json = lend(json, length)};
    memcpy(records + i * stride, &record, sizeof record);
  }
  pthread_mutex_lock(&lock);
  if (next + count > offered_now) offered_now = next + count;
  if (next + count > kept->offered) kept->offered = next + count, keep();
  pthread_mutex_unlock(&lock);
  sluice_append_result result = {.size = sizeof result};
  sluice_error *error = fresh_error();
  sluice_array array = {count > 0 ? lend(records, count * stride).data : NULL, count, stride};
  sluice_status status = table->append(session, array, &result, error);
  free(records);
  take_back();
  if (!sink_check("durability", status, error, "append")) return -1;
  if (result.accepted > count) {
    probe_fail("durability", "append took %llu records of a batch of %zu", (unsigned long long)result.accepted, count);
    return -1;
  }
  if (result.retry_after > 86400000) probe_fail("durability", "retry_after is longer than a day");
  return (int64_t)result.accepted;
}

int sink_flush(subject *s, void *session, uint64_t next) {
  sluice_error *error = fresh_error();
  if (!sink_check("durability", ((const sluice_sink *)s->table)->flush(session, error), error, "flush")) return 0;
  pthread_mutex_lock(&lock);
  uint64_t through = acknowledged[promise];
  pthread_mutex_unlock(&lock);
  if (next > 0 && through < next) {
    probe_fail("durability", "flush returned with %llu of %llu records acknowledged at the promised level",
               (unsigned long long)through, (unsigned long long)next);
    return 0;
  }
  return 1;
}

static void exchange(subject *s, int rounds, int grown) {
  void *session = NULL;
  uint64_t next = 0;
  if (!sink_open(s, &session, &next)) return;
  for (int round = 0; round < rounds; round++) {
    int64_t taken = sink_append(s, session, next, round == 1 ? 0 : 1 + chance_below(20), grown);
    if (taken < 0) break;
    next += (uint64_t)taken;
    if (round % 3 == 0 && !sink_flush(s, session, next)) break;
  }
  sink_flush(s, session, next);
  sink_close(s, session);
}

/* Life 1 of the kill: records are given and flushed until the parent kills this process, at a moment of its choosing. */
static void doomed(subject *s) {
  void *session = NULL;
  uint64_t next = 0;
  if (!sink_open(s, &session, &next)) return;
  dprintf(probe_task_now->report, "begun\t\t\n");
  for (int round = 0; round < 100000; round++) {
    int64_t taken = sink_append(s, session, next, 1 + chance_below(20), 0);
    if (taken < 0) break;
    next += (uint64_t)taken;
    if (chance_below(3) == 0 && !sink_flush(s, session, next)) break;
  }
}

/* The life after it: what was acknowledged is there; the host feeds from where recover says. */
static void survivor(subject *s) {
  void *session = NULL;
  uint64_t next = 0;
  if (!sink_open(s, &session, &next)) return;
  unsigned long long lost = kept->offered - next;
  uint64_t until = kept->offered + 5;
  while (next < until) {
    int64_t taken = sink_append(s, session, next, (size_t)(until - next < 50 ? until - next : 50), 0);
    if (taken <= 0) break;
    next += (uint64_t)taken;
  }
  if (!sink_flush(s, session, next)) return;
  sink_close(s, session);
  uint64_t again = 0;
  if (!sink_open(s, &session, &again)) return;
  if (held != next) {
    probe_fail("durability", "%llu records were flushed, and recover asks for %llu", (unsigned long long)next,
               (unsigned long long)again);
  }
  sink_close(s, session);
  probe_pass("after a kill %llu records were fed again, none that was acknowledged; it holds %llu", lost,
             (unsigned long long)next);
}

int run_sink_rule(const char *rule, subject *s) {
  open_ledger();
  static const char *const others[] = {"splits", "repeat", "threads", "memory", "growth", "hostile", "pending", "blocking"};
  for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
    int matters = strcmp(rule, "memory") == 0 || strcmp(rule, "growth") == 0;
    if (strcmp(rule, others[i]) == 0 && !matters) {
      probe_skip("a sink is given records, not texts");
      return 1;
    }
  }
  if (!make_instance(s)) return 1;
  if (strcmp(rule, "doomed") == 0) {
    doomed(s);
    return 1;
  }
  if (strcmp(rule, "durability") == 0) survivor(s);
  else if (strcmp(rule, "lifecycle") == 0) {
    for (int i = 0; i < 3; i++) exchange(s, 0, 0);
    exchange(s, 10, 0);
    end_instance(s);
    if (!make_instance(s)) return 1;
    exchange(s, 10, 0);
    probe_pass("the log was opened, fed, closed and opened again");
  } else if (strcmp(rule, "acknowledgement") == 0) {
    exchange(s, 30, 0);
    probe_pass("acknowledgements are in order, promised, and of records that were given");
  } else if (strcmp(rule, "memory") == 0) {
    lends_guarded = 1;
    exchange(s, 10, 0);
    lends_guarded = 0;
    probe_pass("nothing is read past its end, written to, or needed after the call");
  } else if (strcmp(rule, "growth") == 0) {
    exchange(s, 10, 1);
    probe_pass("records may grow, and strides with them");
  } else if (strcmp(rule, "canary") == 0) {
    listens_for_canaries = 1;
    exchange(s, 10, 0);
    probe_pass("records appear in no log and no message");
  } else if (run_keeping_rule(rule, s)) {
    /* In keeping.c. */
  } else if (strcmp(rule, "errors") == 0 || strcmp(rule, "budget") == 0) {
    probe_skip("what a sink reaches may fail or be slow, and says so in its metrics");
  } else {
    end_instance(s);
    return 0;
  }
  end_instance(s);
  return 1;
}
