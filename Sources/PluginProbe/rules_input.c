/* rules_input.c: what a filter is given, what it may do with it, and what it may say of it. */
#define _GNU_SOURCE
#include "probe.h"

#include <stdio.h>
#include <time.h>

/* ---- memory: input is read where it lies, within its length, while the call lasts ---- */

void rule_memory(subject *s) {
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

void rule_growth(subject *s) {
  for (size_t i = 0; i < sample_count(); i++) {
    session *now = exercise(s, sample_at(i), &plain_plan);
    plan p = plain_plan;
    p.grown = 1;
    session *later = exercise(s, sample_at(i), &p);
    if (!rule_is_same(&now->outcome, &later->outcome)) {
      probe_fail("growth", "text %zu gives '%s', and '%s' where structs are longer and strides wider", i + 1,
                 rule_excerpt(&now->outcome), rule_excerpt(&later->outcome));
    }
    session_free(now), session_free(later);
  }
  probe_pass("structs may grow, and strides with them");
}

/* ---- errors: NULL for the detail, an emitter that says no ---- */

void rule_errors(subject *s) {
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

void rule_hostile(subject *s) {
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

void rule_canary(subject *s) {
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

void rule_pending(subject *s) {
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
