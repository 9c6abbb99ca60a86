/* keeping.c: what sink.h lets a sink leave out, and sink_read.h: its checkpoints, and reading back what it keeps. */
#define _GNU_SOURCE
#include "probe.h"

#include <openssl/evp.h>
#include <stdio.h>

enum { RECORDS = 40 };

/* ---- probe: asked whether all is there, a sink says so, and leaves nothing behind ---- */

static void probe(subject *s) {
  const sluice_sink *table = s->table;
  if (table->size < offsetof(sluice_sink, probe) + sizeof table->probe || table->probe == NULL) {
    probe_skip("it has no probe");
    return;
  }
  for (int i = 0; i < 2; i++) {
    sluice_error *error = fresh_error();
    if (!sink_check("probe", table->probe(s->instance, error), error, "probe")) return;
  }
  size_t descriptors = open_descriptors(), threads = live_threads();
  for (int i = 0; i < 3; i++) table->probe(s->instance, i % 2 ? NULL : fresh_error());
  if (open_descriptors() > descriptors) probe_fail("probe", "each probe leaves files or sockets open");
  if (live_threads() > threads) probe_fail("probe", "each probe leaves threads behind");
  /* It says nothing of a log, and makes none. */
  void *session = NULL;
  uint64_t next = 0;
  if (!sink_open(s, &session, &next)) return;
  if (next != 0) probe_fail("probe", "after a probe a log that nobody fed is at record %llu", (unsigned long long)next);
  sink_close(s, session);
  probe_pass("probed five times, it has all that it needs, and no log came of it");
}

/* ---- checkpoints ---- */

/* A signed note as the host gives one: its lines, an empty one, and a signature. */
static sluice_bytes lend_note(uint64_t size) {
  char note[512];
  int length = snprintf(note, sizeof note,
                        "sluice/%s\n%llu\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n\xE2\x80\x94 sluice/%s "
                        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
                        sink_log(), (unsigned long long)size, sink_log());
  return lend(note, (size_t)length);
}

static int keeps_checkpoints(const sluice_sink *table) {
  return table->size >= sizeof *table && table->checkpoint != NULL && table->recover_checkpoint != NULL;
}

/* 1: `held` is the size that it says it holds; 0: it keeps none; -1: it fails. */
static int held_checkpoint(subject *s, void *session, uint64_t *held) {
  sluice_error *error = fresh_error();
  *held = UINT64_MAX;
  sluice_status status = ((const sluice_sink *)s->table)->recover_checkpoint(session, held, error);
  if (status == SLUICE_ERROR_UNSUPPORTED) return 0;
  return sink_check("checkpoints", status, error, "recover_checkpoint") ? 1 : -1;
}

static int give(subject *s, void *session, uint64_t size) {
  sluice_error *error = fresh_error();
  sluice_status status = ((const sluice_sink *)s->table)->checkpoint(session, lend_note(size), error);
  take_back();
  return sink_check("checkpoints", status, error, "checkpoint");
}

static int expect(subject *s, void *session, uint64_t wanted, const char *when) {
  uint64_t held;
  if (held_checkpoint(s, session, &held) != 1) return 0;
  if (held == wanted) return 1;
  probe_fail("checkpoints", "%s recover_checkpoint says %llu, not %llu", when, (unsigned long long)held,
             (unsigned long long)wanted);
  return 0;
}

static void checkpoints(subject *s) {
  const sluice_sink *table = s->table;
  if (!keeps_checkpoints(table)) {
    int is_half = table->size >= sizeof *table && (table->checkpoint == NULL) != (table->recover_checkpoint == NULL);
    if (is_half) probe_fail("checkpoints", "of checkpoint and recover_checkpoint one is there and the other is not");
    probe_skip("it keeps no checkpoints");
    return;
  }
  void *session = NULL;
  uint64_t next = 0, held = 0;
  if (!sink_open(s, &session, &next)) return;
  if (held_checkpoint(s, session, &held) == 0) {
    sink_close(s, session);
    probe_skip("it keeps no checkpoints");
    return;
  }
  int holds = expect(s, session, 0, "before the first one");
  holds = holds && sink_append(s, session, 0, 10, 0) == 10 && sink_flush(s, session, 10) && give(s, session, 4);
  holds = holds && give(s, session, 10) && give(s, session, 10) && expect(s, session, 10, "after those of 4 and 10");
  sink_close(s, session);
  for (int life = 0; life < 2 && holds; life++) {
    if (!sink_open(s, &session, &next)) return;
    if (sink_held() != 10) probe_fail("checkpoints", "after checkpoints recover asks for record %llu, not 10", (unsigned long long)next);
    holds = expect(s, session, 10, "in the next session");
    sink_close(s, session);
  }
  if (holds) probe_pass("it keeps checkpoints, the same one once, and knows the largest in its next life");
}

/* ---- reading ---- */

typedef struct {
  uint64_t from, end, next; /* the sequences asked for, and the one that has to come */
  uint64_t count, bytes, refuses_after;
  uint64_t logs, notes;
  int has_log, wrong;
} reading;

static sluice_status take_configuration(void *context, sluice_bytes json) {
  reading *r = context;
  r->count++;
  if (json.length < 2 || json.data == NULL || json.data[0] != '{') {
    probe_fail("reading", "configure gave something that is no JSON object");
    r->wrong = 1;
  }
  overheard("a configuration", json);
  return SLUICE_OK;
}

static sluice_status take_log(void *context, sluice_bytes log) {
  reading *r = context;
  r->logs++;
  if (log.length == strlen(sink_log()) && memcmp(log.data, sink_log(), log.length) == 0) r->has_log = 1;
  return SLUICE_OK;
}

static sluice_status take_record(void *context, const sluice_held_record *record) {
  reading *r = context;
  char json[SINK_RECORD];
  uint8_t leaf[32], zero = 0;
  if (r->wrong) return SLUICE_ERROR_DENIED;
  r->wrong = 1;
  if (record == NULL || record->size < sizeof *record) {
    probe_fail("reading", "a record has no size");
    return SLUICE_ERROR_DENIED;
  }
  unsigned long long sequence = record->sequence, wanted = r->next;
  if (sequence != wanted || sequence >= r->end) {
    probe_fail("reading", "asked for [%llu, %llu) it gave record %llu, where %llu comes next", (unsigned long long)r->from,
               (unsigned long long)r->end, sequence, wanted);
    return SLUICE_ERROR_DENIED;
  }
  size_t length = sink_record(record->sequence, json);
  if (record->flags & SLUICE_HELD_REMOVED) {
    probe_fail("reading", "record %llu is called removed, and nobody removed it", sequence);
  } else if (record->json.length != length || memcmp(record->json.data, json, length) != 0) {
    probe_fail("reading", "record %llu is not, byte for byte, what was given", sequence);
  } else if (record->leaf.length != 0) {
    EVP_MD_CTX *hash = EVP_MD_CTX_new();
    int is_made = hash != NULL && EVP_DigestInit_ex(hash, EVP_sha256(), NULL) && EVP_DigestUpdate(hash, &zero, 1) &&
                  EVP_DigestUpdate(hash, json, length) && EVP_DigestFinal_ex(hash, leaf, NULL);
    EVP_MD_CTX_free(hash);
    if (!is_made) abort();
    if (record->leaf.length == 32 && memcmp(record->leaf.data, leaf, 32) == 0) r->wrong = 0;
    else probe_fail("reading", "the leaf of record %llu is not SHA-256(0x00 || json)", sequence);
  } else {
    r->wrong = 0;
  }
  r->next++, r->count++, r->bytes += length;
  if (r->wrong || r->count == r->refuses_after) return SLUICE_ERROR_DENIED;
  if (r->refuses_after != 0 && r->count > r->refuses_after) {
    probe_fail("reading", "records come on after the receiver has said no");
    r->wrong = 1;
    return SLUICE_ERROR_DENIED;
  }
  return SLUICE_OK;
}

static sluice_status take_note(void *context, sluice_bytes note) {
  reading *r = context;
  r->notes++;
  if (note.length == 0 || note.data[note.length - 1] != '\n') probe_fail("reading", "a checkpoint is no whole note");
  return SLUICE_OK;
}

static sluice_status take_session(void *context, const sluice_held_session *session) {
  (void)context;
  if (session == NULL || session->size < sizeof *session) probe_fail("reading", "a session has no size");
  return SLUICE_OK;
}

static sluice_read_receiver receiver_of(reading *r) {
  return (sluice_read_receiver){.size = sizeof(sluice_read_receiver),
                                .context = r,
                                .configuration = take_configuration,
                                .log = take_log,
                                .record = take_record,
                                .checkpoint = take_note,
                                .session = take_session};
}

static sluice_read_query query_of(uint64_t from, uint64_t end, uint64_t count, uint64_t bytes) {
  return (sluice_read_query){.size = sizeof(sluice_read_query), .from = from, .end = end, .before = SLUICE_READ_END,
                             .maximum_count = count, .maximum_bytes = bytes};
}

/* [from, end), in pages of so many records and bytes; how many pages, or -1. */
static int read_pages(const sluice_sink_read *table, void *reader, uint64_t from, uint64_t end, uint64_t count, uint64_t bytes) {
  uint64_t last = end < RECORDS ? end : RECORDS;
  reading r = {.from = from, .end = end, .next = from};
  sluice_read_receiver receiver = receiver_of(&r);
  uint64_t at = from;
  int pages = 0;
  while (at != SLUICE_READ_END && pages++ < 1000) {
    sluice_read_query query = query_of(at, end, count, bytes);
    sluice_error *error = fresh_error();
    uint64_t next = at, before = r.count;
    r.bytes = 0;
    sluice_status status = table->records(reader, &query, &receiver, &next, error);
    if (r.wrong || !sink_check("reading", status, error, "records")) return -1;
    if (r.count - before > count) {
      probe_fail("reading", "a page of %llu records has %llu", (unsigned long long)count, (unsigned long long)(r.count - before));
      return -1;
    }
    /* It ends with the record that reaches the bound. */
    if (r.count > before && r.bytes >= bytes + SINK_RECORD) {
      probe_fail("reading", "a page goes on after %llu bytes", (unsigned long long)bytes);
      return -1;
    }
    if (next != SLUICE_READ_END && (next < at || (next == at && r.count == before))) {
      probe_fail("reading", "after a page from %llu the next one is to begin at %llu", (unsigned long long)at,
                 (unsigned long long)next);
      return -1;
    }
    at = next;
  }
  if (r.next == last) return pages;
  probe_fail("reading", "reading [%llu, %llu) ended before record %llu, and %llu were flushed", (unsigned long long)from,
             (unsigned long long)end, (unsigned long long)r.next, (unsigned long long)RECORDS);
  return -1;
}

/* A place as somebody types it: what is wrong is said, with nothing of what was typed as a password. */
static void try_places(subject *s, const sluice_sink_read *table) {
  char places[6][128] = {"", ":", "no-place-at-all", "no-such-scheme://x/y"};
  int name = (int)(s->filter->name.length < 64 ? s->filter->name.length : 64);
  snprintf(places[4], sizeof places[4], "%.*s://user:%s@host/place", name, s->filter->name.data, probe_canaries[0]);
  snprintf(places[5], sizeof places[5], "%.*s://\xFF%%00?%s=%s#", name, s->filter->name.data, probe_canaries[0], probe_canaries[1]);
  int listened = listens_for_canaries;
  listens_for_canaries = 1;
  for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
    for (int without = 0; without < 2; without++) {
      reading r = {0};
      sluice_read_receiver receiver = receiver_of(&r);
      sluice_error *error = without ? NULL : fresh_error();
      /* What is typed wrongly may come back in a configuration; a password may not. */
      listens_for_canaries = i == 4;
      sluice_status status = table->configure(s->filter, lend(places[i], strlen(places[i])), &receiver, error);
      take_back();
      if (status > 0) probe_fail("reading", "configure answers %d to a place", status);
      if (status == SLUICE_OK && r.count != 1) {
        probe_fail("reading", "configure answers OK, and gave %llu configurations", (unsigned long long)r.count);
      }
      if (i < 4 && status == SLUICE_OK) probe_fail("reading", "configure takes '%s' for a place of its own", places[i]);
      if (status < 0 && error != NULL && !(error->flags & SLUICE_ERROR_PROTECTED)) {
        overheard("an error's message", (sluice_bytes){error->message, error->message_length});
      }
    }
  }
  listens_for_canaries = listened;
}

static int is_whole(subject *s, const sluice_sink_read *table) {
  if (table->size < sizeof *table || table->filter == NULL || table->configure == NULL || table->logs == NULL ||
      table->open == NULL || table->records == NULL || table->close == NULL) {
    probe_fail("reading", "the table '%s' has no size, or functions are missing", SLUICE_SINK_READ_ID);
    return 0;
  }
  sluice_bytes one = table->filter->name, other = s->filter->name;
  if (one.length != other.length || memcmp(one.data, other.data, one.length) != 0) {
    probe_fail("reading", "the reader's filter has another name than the sink's");
    return 0;
  }
  return 1;
}

/* Checkpoints and sessions, a page each: that they end, and are whole. */
static void read_others(const sluice_sink_read *table, void *reader, int notes) {
  reading r = {0};
  sluice_read_receiver receiver = receiver_of(&r);
  for (int which = 0; which < 2; which++) {
    if (which == 0 ? table->checkpoints == NULL : table->sessions == NULL) continue;
    uint64_t at = 0;
    for (int pages = 0; at != SLUICE_READ_END; pages++) {
      sluice_read_query query = query_of(at, SLUICE_READ_END, 1, 1 << 20);
      sluice_error *error = fresh_error();
      sluice_status status = which == 0 ? table->checkpoints(reader, &query, &receiver, &at, error)
                                        : table->sessions(reader, &query, &receiver, &at, error);
      if (status == SLUICE_ERROR_UNSUPPORTED && pages == 0) break; /* as where it is NULL */
      if (!sink_check("reading", status, error, which == 0 ? "checkpoints" : "sessions")) return;
      if (pages == 1000) {
        probe_fail("reading", "pages of %s do not end", which == 0 ? "checkpoints" : "sessions");
        return;
      }
    }
  }
  if (notes && table->checkpoints != NULL && r.notes != 2) {
    probe_fail("reading", "two checkpoints were given, and %llu are read back", (unsigned long long)r.notes);
  }
}

static void read_back(subject *s) {
  const sluice_sink_read *table = s->plugin->get_extension(s->plugin, text_of(SLUICE_SINK_READ_ID));
  if (table == NULL) {
    probe_skip("it can't be read back");
    return;
  }
  if (!is_whole(s, table)) return;
  try_places(s, table);
  void *session = NULL, *reader = NULL;
  uint64_t next = 0, held = 0;
  if (!sink_open(s, &session, &next)) return;
  while (next < RECORDS) {
    int64_t taken = sink_append(s, session, next, RECORDS - next < 15 ? RECORDS - next : 15, 0);
    if (taken <= 0) break;
    next += (uint64_t)taken;
  }
  int is_fed = next == RECORDS && sink_flush(s, session, next);
  int notes = is_fed && keeps_checkpoints(s->table) && held_checkpoint(s, session, &held) == 1;
  if (notes) notes = give(s, session, 20) && give(s, session, RECORDS);
  /* The sink is still open: a reader works while a gateway writes. */
  reading r = {0};
  sluice_read_receiver receiver = receiver_of(&r);
  sluice_error *error = fresh_error();
  sluice_bytes log = lend(sink_log(), strlen(sink_log()));
  int holds = is_fed && sink_check("reading", table->logs(s->instance, &receiver, error), error, "logs");
  if (holds && !r.has_log) probe_fail("reading", "the log that was fed is none of the %llu that are listed", (unsigned long long)r.logs);
  error = fresh_error();
  holds = holds && sink_check("reading", table->open(s->instance, log, &reader, error), error, "open");
  take_back();
  if (holds) {
    holds = read_pages(table, reader, 0, SLUICE_READ_END, 1000, 1 << 20) > 0 &&
            read_pages(table, reader, 0, SLUICE_READ_END, 7, 1 << 20) > 0 && read_pages(table, reader, 0, RECORDS, 1000, 1) > 0 &&
            read_pages(table, reader, 11, 23, 5, 1 << 20) > 0 && read_pages(table, reader, 39, 40, 1, 1) > 0;
    for (int i = 0; i < 10 && holds; i++) {
      uint64_t from = chance_below(RECORDS), end = from + 1 + chance_below(RECORDS - from);
      holds = read_pages(table, reader, from, end, 1 + chance_below(9), 1 + chance_below(2000)) > 0;
    }
    if (holds) read_others(table, reader, notes);
    /* A receiver that has had enough; after a failure the reader is only good for its close. */
    r = (reading){.end = SLUICE_READ_END, .refuses_after = 3};
    sluice_read_query query = query_of(0, SLUICE_READ_END, 1000, 1 << 20);
    sluice_status status = holds ? table->records(reader, &query, &receiver, &next, fresh_error()) : SLUICE_ERROR_DENIED;
    if (status != SLUICE_ERROR_DENIED) probe_fail("reading", "the receiver said no, and records answers %d", status);
    table->close(reader);
  }
  sink_close(s, session);
  error = fresh_error();
  reader = NULL;
  static const char nobody[] = "00000000000000000000000000000000";
  sluice_status status = table->open(s->instance, lend(nobody, sizeof nobody - 1), &reader, error);
  take_back();
  if (status == SLUICE_OK) {
    /* A store that can't tell may find nothing in it. */
    r = (reading){.end = SLUICE_READ_END};
    sluice_read_query query = query_of(0, SLUICE_READ_END, 10, 1 << 20);
    table->records(reader, &query, &receiver, &next, fresh_error());
    if (r.count > 0) probe_fail("reading", "a log that nobody fed has records");
    else probe_fail("reading", "a log that is not there can be opened: INPUT is the answer");
    table->close(reader);
  }
  if (holds) probe_pass("%d records were read back byte for byte, in pages of many sizes", RECORDS);
}

int run_keeping_rule(const char *rule, subject *s) {
  static const struct {
    const char *name;
    void (*run)(subject *);
  } rules[] = {{"probe", probe}, {"checkpoints", checkpoints}, {"reading", read_back}};
  for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
    if (strcmp(rules[i].name, rule) == 0) {
      rules[i].run(s);
      return 1;
    }
  }
  return 0;
}
