/* filters.h: what the files of the test plugin share. Its filters are all named "test-filters"; their configuration
 * is {"mode": "...", "fault": "..."}: a mode is a way to behave, a fault a way to misbehave. */
#ifndef TEST_FILTERS_H
#define TEST_FILTERS_H

#include <sluice/sluice.h>

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
  char configuration[512];
  const sluice_host *host;
  const sluice_host_history *history; /* in the mode "history" */
  _Atomic int64_t sessions; /* that are open */
} instance;

static inline sluice_bytes text_of(const char *text) { return (sluice_bytes){(const uint8_t *)text, strlen(text)}; }

/* Whether the configuration's member has this value. Both are plain words, so the JSON is compared as text. */
static inline int is(const instance *self, const char *member, const char *value) {
  char wanted[128] = "\"";
  strncat(wanted, member, 30);
  strcat(wanted, "\":\"");
  strncat(wanted, value, 60);
  strcat(wanted, "\"");
  return strstr(self->configuration, wanted) != NULL;
}

static inline int fault(const instance *self, const char *value) { return is(self, "fault", value); }
static inline int mode(const instance *self, const char *value) { return is(self, "mode", value); }

sluice_status fail(sluice_error *error, sluice_status status, uint32_t flags, const char *message,
                   const char *pointer);

/* Faults that every kind has, by the status that they answer. OK: none of them. */
sluice_status common_fault(const instance *self, sluice_error *error);

extern sluice_filter filter_table;
extern const sluice_detect detect_table;
extern const sluice_mask mask_table;
extern const sluice_guard guard_table;
extern const sluice_score score_table;
extern const sluice_gate gate_table;
extern const sluice_authenticate authenticate_table;
extern const sluice_sink sink_table;
extern const sluice_sink_read sink_read_table;

#endif
