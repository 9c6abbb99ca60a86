/* mask.c: puts "[KIND]" in a finding's place.
 *
 *   (none)    every finding
 *   numbers   those of kind NUM alone; the rest is kept
 *   rest      the last two bytes of each finding, as "partial" does
 *   overlap   two edits that overlap for each finding
 *   insides   an edit of its own inside each code point of two bytes, and an empty one there
 *   prints    each with a fingerprint of its own */
#include "filters.h"

#include <stdatomic.h>
#include <stdio.h>

static sluice_status emit(const sluice_edit_emitter *emitter, uint32_t finding, uint64_t start, uint64_t end,
                          sluice_bytes replacement, const char *operation, sluice_bytes fingerprint) {
  sluice_edit edit = {.size = sizeof edit,
                      .finding = finding,
                      .start = start,
                      .end = end,
                      .replacement = replacement,
                      .operation = text_of(operation),
                      .fingerprint = fingerprint};
  return emitter->emit(emitter->context, &edit);
}

static void misbehave(const instance *self, uint64_t base, sluice_bytes text, uint64_t findings,
                      const sluice_edit_emitter *emitter) {
  uint64_t end = base + text.length;
  static const uint8_t broken[] = {0xC3};
  sluice_bytes none = {0};
  if (fault(self, "outside")) emit(emitter, SLUICE_EDIT_NO_FINDING, base, end + 1, text_of("x"), "redact", none);
  if (fault(self, "backwards")) emit(emitter, SLUICE_EDIT_NO_FINDING, end, base, text_of("x"), "redact", none);
  if (fault(self, "bad-text")) emit(emitter, SLUICE_EDIT_NO_FINDING, base, end, (sluice_bytes){broken, 1}, "redact", none);
  if (fault(self, "bad-operation")) emit(emitter, SLUICE_EDIT_NO_FINDING, base, end, text_of("x"), "Jane Doe", none);
  if (fault(self, "no-operation")) emit(emitter, SLUICE_EDIT_NO_FINDING, base, end, text_of("x"), "", none);
  if (fault(self, "bad-finding")) emit(emitter, (uint32_t)findings, base, end, text_of("x"), "redact", none);
  if (fault(self, "bad-print")) emit(emitter, SLUICE_EDIT_NO_FINDING, base, end, text_of("x"), "redact", text_of("abc"));
  if (fault(self, "huge")) {
    static uint8_t much[(1 << 20) + 1];
    memset(much, 'x', sizeof much);
    emit(emitter, SLUICE_EDIT_NO_FINDING, base, end, (sluice_bytes){much, sizeof much}, "redact", none);
  }
}

static sluice_status edit(void *self, const sluice_segment *segment, uint64_t base, sluice_bytes text,
                          sluice_array findings, const sluice_edit_emitter *emitter, sluice_error *error) {
  (void)segment;
  sluice_status status = common_fault(self, error);
  if (status != SLUICE_OK) return status;
  uint64_t last = base;
  for (uint64_t i = 0; i < findings.count; i++) {
    const sluice_finding *finding = (const void *)((const char *)findings.first + i * findings.stride);
    /* What mask.h promises. */
    if (finding->start < last || finding->end > base + text.length || finding->start >= finding->end) {
      return fail(error, SLUICE_ERROR_INTERNAL, 0, "the findings are out of order or out of the text", "");
    }
    last = finding->end;
    if (mode(self, "numbers") && !(finding->kind.length == 3 && memcmp(finding->kind.data, "NUM", 3) == 0)) continue;
    char replacement[64];
    snprintf(replacement, sizeof replacement, "[%.*s]", (int)finding->kind.length, (const char *)finding->kind.data);
    sluice_bytes print = mode(self, "prints") ? text_of("0123456789abcdef") : (sluice_bytes){0};
    uint64_t start = mode(self, "rest") && finding->end - finding->start > 2 ? finding->end - 2 : finding->start;
    emit(emitter, (uint32_t)i, start, finding->end, text_of(replacement), "placeholder", print);
    if (mode(self, "overlap")) {
      emit(emitter, SLUICE_EDIT_NO_FINDING, finding->end - 1, finding->end, text_of("!"), "redact", print);
    }
  }
  for (uint64_t i = 0; i < text.length && mode(self, "insides"); i++) {
    if (text.data[i] != 0xC3 || i + 1 >= text.length) continue;
    emit(emitter, SLUICE_EDIT_NO_FINDING, base + i + 1, base + i + 2, text_of("_"), "redact", (sluice_bytes){0});
    emit(emitter, SLUICE_EDIT_NO_FINDING, base + i + 1, base + i + 1, text_of("^"), "redact", (sluice_bytes){0});
  }
  misbehave(self, base, text, findings.count, emitter);
  return SLUICE_OK;
}

static sluice_status open(void *self, const sluice_exchange *exchange, void **opened, sluice_error *error) {
  (void)exchange;
  if (fault(self, "open")) return fail(error, SLUICE_ERROR_UNAVAILABLE, 0, "not today", "");
  atomic_fetch_add(&((instance *)self)->sessions, 1);
  *opened = self;
  return SLUICE_OK;
}

static void close(void *self) { atomic_fetch_sub(&((instance *)self)->sessions, 1); }

const sluice_mask mask_table = {
    .size = sizeof(sluice_mask), .filter = &filter_table, .open = open, .edit = edit, .close = close};
