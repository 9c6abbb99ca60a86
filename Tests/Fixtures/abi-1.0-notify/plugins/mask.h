/* mask.h: puts "[KIND]" in a finding's place. */
#include "common.h"

#ifndef EDIT_HOOK /* before an edit is emitted */
#define EDIT_HOOK
#endif

static sluice_status edit(void *self, const sluice_segment *segment, uint64_t base, sluice_bytes text,
                          sluice_array findings, const sluice_edit_emitter *emitter, sluice_error *error) {
  (void)self, (void)segment, (void)text;
  for (uint64_t i = 0; i < findings.count; i++) {
    const sluice_finding *finding = (const void *)((const char *)findings.first + i * findings.stride);
    if (finding->start < base || finding->end > base + text.length || finding->start >= finding->end) continue;
    char replacement[40] = "[";
    uint64_t length = finding->kind.length < 32 ? finding->kind.length : 32;
    if (length > 0) memcpy(replacement + 1, finding->kind.data, length);
    for (uint64_t k = 1; k <= length; k++) {
      if (replacement[k] < 'A' || replacement[k] > 'Z') replacement[k] = '_';
    }
    replacement[length + 1] = ']';
    sluice_edit edit = {.size = sizeof edit, .finding = (uint32_t)i, .start = finding->start, .end = finding->end,
                        .replacement = {(const uint8_t *)replacement, length + 2}, .operation = text_of("redact")};
    EDIT_HOOK
    if (emitter->emit(emitter->context, &edit) != SLUICE_OK) return fail(error, SLUICE_ERROR_INTERNAL, "an edit was refused");
  }
  return SLUICE_OK;
}

static sluice_status open_session(void *self, const sluice_exchange *exchange, void **opened, sluice_error *error) {
  (void)self, (void)exchange, (void)error;
  *opened = malloc(1);
  return *opened != NULL ? SLUICE_OK : SLUICE_ERROR_LIMIT;
}

SLUICE_NOTE("org.example.broken", "sluice.mask/1")

EXPORTED const sluice_plugin *sluice_plugin_v1(const sluice_host *host) {
  static sluice_mask table;
  table = (sluice_mask){.size = sizeof table, .filter = &filter_table, .open = open_session, .edit = edit, .close = free};
  return enter(host, SLUICE_MASK_ID, &table);
}
