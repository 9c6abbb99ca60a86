/* child_sink.c: calls of a sink: feeding it, and reading it back. */
#include "child.h"

typedef struct acknowledging {
  sluice_acknowledger table;
  uint64_t receiver;
} acknowledging;

static sluice_status acknowledge(void *context, uint64_t sequence, uint32_t level) {
  wire_writer w = {0}, answer = {0};
  put32(&w, UP_ACKNOWLEDGE), put64(&w, ((acknowledging *)context)->receiver), put64(&w, sequence), put32(&w, level);
  child_ask(&w, &answer);
  wire_reader r = {answer.bytes, answer.length, 0, 0};
  sluice_status status = (sluice_status)take32(&r);
  free(answer.bytes);
  return status;
}

static sluice_status hand_text(void *context, uint32_t what, sluice_bytes given) {
  call *c = context;
  if (!c || c != child_call) return SLUICE_ERROR_DENIED;
  c->emitted++, put32(c->answer, what), put_bytes(c->answer, given);
  return c->answer->broken ? SLUICE_ERROR_LIMIT : SLUICE_OK;
}
static sluice_status hand_configuration(void *c, sluice_bytes json) { return hand_text(c, HELD_CONFIGURATION, json); }
static sluice_status hand_log(void *c, sluice_bytes log) { return hand_text(c, HELD_LOG, log); }
static sluice_status hand_checkpoint(void *c, sluice_bytes note) { return hand_text(c, HELD_CHECKPOINT, note); }
static sluice_status hand_record(void *context, const sluice_held_record *given) {
  EMITTED(sluice_held_record, record)
  c->emitted++, put32(c->answer, HELD_RECORD), put32(c->answer, record->flags), put64(c->answer, record->sequence);
  put_bytes(c->answer, record->json), put_bytes(c->answer, record->leaf);
  return c->answer->broken ? SLUICE_ERROR_LIMIT : SLUICE_OK;
}
static sluice_status hand_session(void *context, const sluice_held_session *given) {
  EMITTED(sluice_held_session, held)
  c->emitted++, put32(c->answer, HELD_SESSION), put_held_session(c->answer, held);
  return c->answer->broken ? SLUICE_ERROR_LIMIT : SLUICE_OK;
}

sluice_status child_read(uint32_t op, wire_reader *r, call *c) {
  sluice_read_receiver receiver = {sizeof receiver, 0, c, hand_configuration, hand_log, hand_record, hand_checkpoint, hand_session};
  uint64_t next = SLUICE_READ_END;
  if (!child_reading) return SLUICE_ERROR_UNSUPPORTED;
  sluice_status status;
  if (op == OP_READ_CONFIGURE) {
    status = child_reading->configure(child_reading->filter, take_bytes(r), &receiver, &c->error);
    put64(c->answer, next);
    return status;
  }
  uint64_t handle = take64(r);
  child_instance *instance = (child_instance *)(uintptr_t)handle;
  if (op == OP_READ_OPEN) {
    void *made = NULL;
    child_session *session = NULL;
    status = child_reading->open(instance->instance, take_bytes(r), &made, &c->error);
    if (status == SLUICE_OK) session = child_session_new(instance, made), session->is_reader = 1;
    put64(c->answer, (uint64_t)(uintptr_t)session);
    return status;
  }
  if (op == OP_READ_LOGS) {
    status = child_reading->logs(instance->instance, &receiver, &c->error);
  } else {
    void *reader = ((child_session *)(uintptr_t)handle)->session;
    sluice_read_query query = take_query(r);
    status = op == OP_READ_RECORDS       ? child_reading->records(reader, &query, &receiver, &next, &c->error)
             : op == OP_READ_CHECKPOINTS ? child_reading->checkpoints(reader, &query, &receiver, &next, &c->error)
                                         : child_reading->sessions(reader, &query, &receiver, &next, &c->error);
  }
  put64(c->answer, next);
  return status;
}

sluice_status child_sink(uint32_t op, wire_reader *r, call *c) {
  const sluice_sink *sink = child_tables[KIND_SINK];
  uint64_t handle = take64(r), next = 0;
  child_session *session = (child_session *)(uintptr_t)handle;
  sluice_status status = SLUICE_ERROR_UNSUPPORTED;
  if (op == OP_SINK_OPEN) {
    child_instance *instance = (child_instance *)(uintptr_t)handle;
    acknowledging *way = calloc(1, sizeof *way); /* kept: a sink's thread may be late */
    if (!way) _exit(4);
    way->table = (sluice_acknowledger){sizeof way->table, 0, way, acknowledge};
    way->receiver = take64(r);
    void *made = NULL;
    status = sink->open(instance->instance, take_bytes(r), &way->table, &made, &c->error);
    put64(c->answer, status == SLUICE_OK ? (uint64_t)(uintptr_t)child_session_new(instance, made) : 0);
  } else if (op == OP_RECOVER) {
    status = sink->recover(session->session, &next, &c->error);
    put64(c->answer, next);
  } else if (op == OP_FLUSH) {
    status = sink->flush(session->session, &c->error);
  } else if (op == OP_PROBE) {
    status = sink->probe(((child_instance *)(uintptr_t)handle)->instance, &c->error);
  } else if (op == OP_CHECKPOINT) {
    status = sink->checkpoint(session->session, take_bytes(r), &c->error);
  } else if (op == OP_RECOVER_CHECKPOINT) {
    status = sink->recover_checkpoint(session->session, &next, &c->error);
    put64(c->answer, next);
  } else if (op == OP_APPEND) {
    uint64_t count;
    sluice_record *records = take_array(r, 16, sizeof *records, &count);
    for (uint64_t i = 0; i < count; i++)
      records[i].size = sizeof *records, records[i].sequence = take64(r), records[i].json = take_bytes(r);
    sluice_append_result result = {.size = sizeof result};
    status = sink->append(session->session, (sluice_array){records, count, sizeof *records}, &result, &c->error);
    put64(c->answer, result.accepted), put64(c->answer, result.retry_after);
    free(records);
  }
  return status;
}
