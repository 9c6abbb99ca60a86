/* decide.c: an authenticate filter that believes the header field "x-subject", and a gate that asks people from 50
 * points on. Their tables end before `cancel`, as those of an older header might: it reads as zero. */
#include "filters.h"

static sluice_status authenticate(void *self, const sluice_head *head, const sluice_authenticate_emitter *emitter,
                                  sluice_error *error) {
  sluice_status status = common_fault(self, error);
  if (status != SLUICE_OK) return status;
  static const uint8_t broken[] = {0xFF};
  sluice_bytes groups[] = {text_of("staff"), text_of("nurses")};
  sluice_principal principal = {.size = sizeof principal, .groups = {groups, 2, sizeof groups[0]}, .expires = 4711};
  sluice_authentication answer = {.size = sizeof answer,
                                  .verdict = SLUICE_AUTHENTICATE_CHALLENGE,
                                  .challenge = text_of("Test realm=\"sluice\"")};
  for (uint64_t i = 0; i < head->headers.count; i++) {
    const sluice_header *field = (const void *)((const char *)head->headers.first + i * head->headers.stride);
    if (field->name.length != 9 || memcmp(field->name.data, "x-subject", 9) != 0) continue;
    int is_bad = field->value.length == 3 && memcmp(field->value.data, "bad", 3) == 0;
    answer.verdict = is_bad ? SLUICE_AUTHENTICATE_DENY : SLUICE_AUTHENTICATE_ALLOW;
    if (is_bad) answer.reason = text_of("revoked");
    principal.subject = field->value;
    answer.principal = is_bad ? NULL : &principal;
  }
  if (fault(self, "nameless")) answer.principal = NULL;
  if (fault(self, "no-subject")) principal.subject = (sluice_bytes){0};
  if (fault(self, "broken-subject")) principal.subject = (sluice_bytes){broken, 1};
  if (fault(self, "endless-groups")) principal.groups.count = UINT64_MAX;
  if (fault(self, "verdict")) answer.verdict = 7;
  if (fault(self, "smuggle")) answer.challenge = text_of("Bearer\r\nset-cookie: a=b");
  if (!fault(self, "silent")) emitter->emit(emitter->context, &answer);
  if (fault(self, "twice")) emitter->emit(emitter->context, &answer);
  return SLUICE_OK;
}

static sluice_status decide(void *self, const sluice_gate_request *request, const sluice_gate_emitter *emitter,
                            sluice_error *error) {
  sluice_status status = common_fault(self, error);
  if (status != SLUICE_OK) return status;
  sluice_bytes approvers[] = {text_of("privacy-officers"), text_of("leads")};
  int is_other = mode(self, "others");
  sluice_gate_decision decision = {.size = sizeof decision,
                                   .verdict = request->score >= 50 ? SLUICE_GATE_HOLD : SLUICE_GATE_ALLOW,
                                   .quorum = mode(self, "strict") ? 2 : 1,
                                   .flags = mode(self, "strict") ? 0 : SLUICE_GATE_LOCAL_OPERATOR,
                                   .expires = mode(self, "strict") ? 60 : 900,
                                   .approvers = {approvers + is_other, 1, sizeof approvers[0]},
                                   .reason = text_of("The score is high.")};
  if (mode(self, "deny")) decision.verdict = SLUICE_GATE_DENY;
  /* A gate that checks what it was told. */
  if (request->reasons.count > 0 && request->kinds.count == 0 && request->findings > 0) return SLUICE_ERROR_INTERNAL;
  if (fault(self, "verdict")) decision.verdict = 7;
  if (fault(self, "nobody")) decision.approvers.count = 0, decision.flags = 0;
  if (fault(self, "quorum")) decision.quorum = 17;
  if (fault(self, "never")) decision.expires = 604801;
  if (!fault(self, "silent")) emitter->emit(emitter->context, &decision);
  if (fault(self, "twice")) emitter->emit(emitter->context, &decision);
  return SLUICE_OK;
}

const sluice_authenticate authenticate_table = {
    .size = offsetof(sluice_authenticate, cancel), .filter = &filter_table, .authenticate = authenticate};

const sluice_gate gate_table = {.size = offsetof(sluice_gate, cancel), .filter = &filter_table, .decide = decide};
