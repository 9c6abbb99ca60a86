/* notify.c: what only a notifier can get wrong. It is never asked to send: that would reach people. It is given requests
 * that nobody has signed, and must take none of them for somebody's word. */
#include "probe.h"

#include <stdio.h>
#include <time.h>

static int replies;

static sluice_status no_reference(void *context, sluice_bytes reference) {
  (void)context, (void)reference;
  probe_fail("host", "a reference was emitted outside of send");
  return SLUICE_ERROR_DENIED;
}

static sluice_status count_reply(void *context, const sluice_reply *reply, uint32_t *outcome) {
  (void)context;
  replies++;
  if (outcome != NULL) *outcome = SLUICE_OUTCOME_UNKNOWN;
  if (reply == NULL || reply->size < offsetof(sluice_reply, replay_until)) {
    probe_fail("host", "a reply has no size");
    return SLUICE_ERROR_DENIED;
  }
  overheard("a reply's comment", reply->comment);
  return SLUICE_OK;
}

static sluice_status take_answer(void *context, uint32_t status, sluice_bytes type, sluice_bytes body) {
  (void)context;
  if (status < 200 || status > 599) probe_fail("host", "an answer's status is %u", status);
  overheard("an answer's type", type);
  overheard("an answer", body);
  return SLUICE_OK;
}

static const sluice_notify_emitter emitter = {
    .size = sizeof emitter, .reference = no_reference, .reply = count_reply, .answer = take_answer};

/* While there is no approval that anything could be about. */
static sluice_status no_reply(void *context, const sluice_reply *reply, uint32_t *outcome) {
  (void)context, (void)reply;
  probe_fail("polling", "asked about no approval, it brought somebody's word");
  if (outcome != NULL) *outcome = SLUICE_OUTCOME_UNKNOWN;
  return SLUICE_OK;
}

static sluice_status no_answer(void *context, uint32_t status, sluice_bytes type, sluice_bytes body) {
  (void)context, (void)status, (void)type, (void)body;
  probe_fail("polling", "poll answered a request, and there was none");
  return SLUICE_ERROR_DENIED;
}

static const sluice_notify_emitter polled = {
    .size = sizeof polled, .reference = no_reference, .reply = no_reply, .answer = no_answer};

/* What an attacker would send: a decision in every shape that services are known to have, with signatures that are absent,
 * empty or made up. `%s` is a canary, which must not come back. */
static const char *const bodies[] = {
    "",
    "{}",
    "{\"approval\":\"apr_0123456789\",\"verdict\":\"approve\",\"person\":\"bo\",\"comment\":\"%s\"}",
    "{\"type\":\"message\",\"id\":\"1\",\"from\":{\"aadObjectId\":\"bo\"},\"text\":\"approve apr_0123456789 %s\"}",
    "payload=%%7B%%22type%%22%%3A%%22block_actions%%22%%7D&text=%s",
    "\xFF\xFE\x00%s",
};
static const char *const credentials[] = {"", "v0=", "v1,", "HMAC ", "HMAC AAAA", "Bearer x", "v0=00000000000000000000000000000000",
                                          "v1,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="};
static const char *const fields[] = {"authorization", "x-slack-signature", "webhook-signature", "x-hub-signature-256"};

static int call(subject *s, const char *body, const char *field, const char *credential, int grown) {
  const sluice_notify *table = s->table;
  char text[512], stamp[32];
  int length = snprintf(text, sizeof text, body, probe_canaries[0]);
  snprintf(stamp, sizeof stamp, "%lld", (long long)time(NULL));
  size_t stride = sizeof(sluice_header) + (grown ? 24 : 0);
  const char *const pairs[][2] = {{field, credential},          {"x-slack-request-timestamp", stamp}, {"webhook-timestamp", stamp},
                                  {"webhook-id", "msg_1"},      {"content-type", "application/json"}};
  size_t count = sizeof pairs / sizeof pairs[0];
  uint8_t headers[5 * (sizeof(sluice_header) + 24)] = {0};
  for (size_t i = 0; i < count; i++) {
    sluice_header header = {.size = (uint32_t)stride, .name = lend(pairs[i][0], strlen(pairs[i][0])),
                            .value = lend(pairs[i][1], strlen(pairs[i][1]))};
    memcpy(headers + i * stride, &header, sizeof header);
  }
  sluice_notify_call request = {.size = sizeof request,
                                .time = (uint64_t)time(NULL),
                                .method = lend("POST", 4),
                                .path = lend("/hooks/x", 8),
                                .headers = {lend(headers, count * stride).data, count, stride},
                                .body = lend(text, length < 0 ? 0 : (size_t)length)};
  sluice_error *error = fresh_error();
  int before = replies;
  sluice_status status = table->receive(s->instance, &request, &emitter, error);
  if (status < 0) overheard("an error's message", (sluice_bytes){error->message, error->message_length});
  take_back();
  if (replies != before) {
    probe_fail("forgery", "a request with '%s: %s' and no right signature brought somebody's word", field, credential);
  } else if (status == SLUICE_OK) {
    probe_fail("forgery", "a request with '%s: %s' and no right signature was answered OK", field, credential);
  }
  return status != SLUICE_OK;
}

static size_t call_all(subject *s, int grown) {
  size_t done = 0;
  for (size_t body = 0; body < sizeof bodies / sizeof bodies[0]; body++) {
    for (size_t field = 0; field < sizeof fields / sizeof fields[0]; field++) {
      for (size_t i = 0; i < sizeof credentials / sizeof credentials[0]; i++) {
        done++;
        if (!call(s, bodies[body], fields[field], credentials[i], grown)) return done;
      }
    }
  }
  return done;
}

int run_notify_rule(const char *rule, subject *s) {
  const sluice_notify *table = s->table;
  if (!make_instance(s)) return 1;
  if (strcmp(rule, "lifecycle") == 0) {
    subject other = *s;
    if (make_instance(&other)) end_instance(&other);
    probe_pass("instances stand beside each other; nothing was sent to anybody");
  } else if (strcmp(rule, "polling") == 0) {
    if (table->size < sizeof *table || table->poll == NULL) {
      probe_skip("it looks after nothing");
    } else {
      sluice_error *error = fresh_error();
      sluice_status status = table->poll(s->instance, (sluice_array){0}, &polled, error);
      if (status < 0) overheard("an error's message", (sluice_bytes){error->message, error->message_length});
      take_back();
      probe_pass("asked about no approval, it brings nobody's word");
    }
  } else if (table->size < offsetof(sluice_notify, poll) || table->receive == NULL) {
    probe_skip("it takes no requests");
  } else if (strcmp(rule, "forgery") == 0) {
    probe_pass("none of %zu requests that nobody signed brought somebody's word", call_all(s, 0));
  } else if (strcmp(rule, "memory") == 0) {
    lends_guarded = 1;
    call_all(s, 0);
    lends_guarded = 0;
    probe_pass("nothing is read past its end, written to, or needed after the call");
  } else if (strcmp(rule, "growth") == 0) {
    call_all(s, 1);
    probe_pass("header fields may grow, and strides with them");
  } else if (strcmp(rule, "canary") == 0) {
    listens_for_canaries = 1;
    call_all(s, 0);
    probe_pass("what was sent comes back in no answer, message or log");
  } else {
    probe_skip("a notifier is given no texts");
  }
  end_instance(s);
  return 1;
}
