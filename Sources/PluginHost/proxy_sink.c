/* proxy_sink.c: an isolated sink as the host sees it: feeding it, and reading it back. */
#include "proxy.h"

static uint32_t promises(void *made) {
  uint64_t fact = ((instance *)made)->fact;
  return fact > UINT32_MAX ? UINT32_MAX : (uint32_t)fact;
}

static sluice_status sink_open(void *made, sluice_bytes log, const sluice_acknowledger *acknowledger, void **opened,
                               sluice_error *error) {
  instance *instance = made;
  uint64_t handle;
  sluice_status status;
  child *life = life_of(instance, &handle, error, &status);
  if (!life) return status;
  session *new = calloc(1, sizeof *new);
  if (!new) abort();
  new->receiver = receiver_add(instance->plugin, acknowledger);
  call c;
  call_begin(&c, life, OP_SINK_OPEN, instance->plugin->policy.control_milliseconds);
  put64(c.question, handle), put64(c.question, new->receiver), put_bytes(c.question, log);
  status = call_run(&c, error);
  if (status == SLUICE_OK) new->handle = take64(&c.answer), status = call_end(&c, error);
  new->instance = instance, new->life = life;
  if (status == SLUICE_OK) {
    *opened = new;
    return status;
  }
  receiver_remove(new->receiver), life_release(life), free(new);
  return status;
}

static sluice_status sink_call(session *s, call *c, uint32_t op, sluice_error *error) {
  (void)error;
  call_begin(c, s->life, op, s->instance->plugin->policy.control_milliseconds);
  put64(c->question, s->handle);
  return SLUICE_OK;
}

static sluice_status sink_recover(void *opened, uint64_t *next, sluice_error *error) {
  call c;
  sink_call(opened, &c, OP_RECOVER, error);
  sluice_status status = call_run(&c, error);
  if (status != SLUICE_OK) return status;
  *next = take64(&c.answer);
  return call_end(&c, error);
}

static sluice_status sink_append(void *opened, sluice_array records, sluice_append_result *result,
                                 sluice_error *error) {
  call c;
  sink_call(opened, &c, OP_APPEND, error);
  put64(c.question, records.count);
  for (uint64_t i = 0; i < records.count; i++) {
    const sluice_record *record = element(records, i);
    put64(c.question, record->sequence), put_bytes(c.question, record->json);
  }
  sluice_status status = call_run(&c, error);
  if (status != SLUICE_OK) return status;
  result->accepted = take64(&c.answer), result->retry_after = take64(&c.answer);
  return call_end(&c, error);
}

static sluice_status sink_flush(void *opened, sluice_error *error) {
  call c;
  sink_call(opened, &c, OP_FLUSH, error);
  sluice_status status = call_run(&c, error);
  return status == SLUICE_OK ? call_end(&c, error) : status;
}

/* At once: the log's next sink may need what this one holds. */
static void sink_close(void *opened) {
  session *s = opened;
  tell_closed(s, 1, s->instance->plugin->policy.control_milliseconds);
  receiver_remove(s->receiver), life_release(s->life), free(s);
}

static sluice_status sink_probe(void *made, sluice_error *error) {
  instance *instance = made;
  uint64_t handle;
  sluice_status status;
  child *life = life_of(instance, &handle, error, &status);
  if (!life) return status;
  call c;
  call_begin(&c, life, OP_PROBE, instance->plugin->policy.control_milliseconds);
  put64(c.question, handle);
  status = call_run(&c, error);
  if (status == SLUICE_OK) status = call_end(&c, error);
  life_release(life);
  return status;
}

static sluice_status sink_checkpoint(void *opened, sluice_bytes note, sluice_error *error) {
  call c;
  sink_call(opened, &c, OP_CHECKPOINT, error);
  put_bytes(c.question, note);
  sluice_status status = call_run(&c, error);
  return status == SLUICE_OK ? call_end(&c, error) : status;
}

static sluice_status sink_recover_checkpoint(void *opened, uint64_t *held, sluice_error *error) {
  call c;
  sink_call(opened, &c, OP_RECOVER_CHECKPOINT, error);
  sluice_status status = call_run(&c, error);
  if (status != SLUICE_OK) return status;
  *held = take64(&c.answer);
  return call_end(&c, error);
}

const sluice_sink sink_functions = {sizeof sink_functions, 0, NULL, promises, sink_open, sink_recover, sink_append,
                                    sink_flush, sink_close, sink_probe, sink_checkpoint, sink_recover_checkpoint};

/* ---- reading back ---- */

/* Gives the receiver what was handed over, up to its first answer that is not OK: that is the call's then. */
static sluice_status hand_over(call *c, const sluice_read_receiver *to, uint64_t *next, sluice_error *error) {
  wire_reader *r = &c->answer;
  sluice_status taken = SLUICE_OK;
  for (uint64_t i = 0; i < c->emitted && !r->broken; i++) {
    uint32_t what = take32(r);
    sluice_held_record record = {.size = sizeof record};
    sluice_held_session held = {0};
    sluice_bytes text = {0};
    if (what == HELD_RECORD) {
      record.flags = take32(r), record.sequence = take64(r), record.json = take_bytes(r), record.leaf = take_bytes(r);
    } else if (what == HELD_SESSION) {
      held = take_held_session(r);
    } else {
      text = take_bytes(r);
    }
    if (!r->broken && taken == SLUICE_OK) {
      switch (what) {
      case HELD_CONFIGURATION: taken = to->configuration ? to->configuration(to->context, text) : SLUICE_ERROR_DENIED; break;
      case HELD_LOG: taken = to->log ? to->log(to->context, text) : SLUICE_ERROR_DENIED; break;
      case HELD_RECORD: taken = to->record ? to->record(to->context, &record) : SLUICE_ERROR_DENIED; break;
      case HELD_CHECKPOINT: taken = to->checkpoint ? to->checkpoint(to->context, text) : SLUICE_ERROR_DENIED; break;
      case HELD_SESSION: taken = to->session ? to->session(to->context, &held) : SLUICE_ERROR_DENIED; break;
      default: r->broken = 1;
      }
    }
    free((void *)held.kinds.first), free((void *)held.approvals.first);
  }
  uint64_t place = take64(r);
  if (next) *next = place;
  sluice_status status = call_end(c, error);
  return status == SLUICE_OK ? taken : status;
}

static sluice_status read_configure(const sluice_filter *filter, sluice_bytes location,
                                    const sluice_read_receiver *receiver, sluice_error *error) {
  isolated *plugin = filter->context;
  child *life = life_hold(plugin);
  if (!life) return no_life(plugin, error);
  call c;
  call_begin(&c, life, OP_READ_CONFIGURE, plugin->policy.control_milliseconds);
  put_bytes(c.question, location);
  sluice_status status = call_run(&c, error);
  if (status == SLUICE_OK) status = hand_over(&c, receiver, NULL, error);
  life_release(life);
  return status;
}

static sluice_status read_logs(void *made, const sluice_read_receiver *receiver, sluice_error *error) {
  instance *instance = made;
  uint64_t handle;
  sluice_status status;
  child *life = life_of(instance, &handle, error, &status);
  if (!life) return status;
  call c;
  call_begin(&c, life, OP_READ_LOGS, instance->plugin->policy.control_milliseconds);
  put64(c.question, handle);
  status = call_run(&c, error);
  if (status == SLUICE_OK) status = hand_over(&c, receiver, NULL, error);
  life_release(life);
  return status;
}

static sluice_status read_open(void *made, sluice_bytes log, void **reader, sluice_error *error) {
  instance *instance = made;
  uint64_t handle;
  sluice_status status;
  child *life = life_of(instance, &handle, error, &status);
  if (!life) return status;
  call c;
  call_begin(&c, life, OP_READ_OPEN, instance->plugin->policy.control_milliseconds);
  put64(c.question, handle), put_bytes(c.question, log);
  status = call_run(&c, error);
  if (status == SLUICE_OK) handle = take64(&c.answer), status = call_end(&c, error);
  session *new = status == SLUICE_OK ? calloc(1, sizeof *new) : NULL;
  if (!new) {
    life_release(life);
    return status == SLUICE_OK ? SLUICE_ERROR_UNAVAILABLE : status;
  }
  new->instance = instance, new->life = life, new->handle = handle, *reader = new;
  return SLUICE_OK;
}

static sluice_status read_page(void *reader, uint32_t op, const sluice_read_query *query,
                               const sluice_read_receiver *receiver, uint64_t *next, sluice_error *error) {
  call c;
  sink_call(reader, &c, op, error);
  put_query(c.question, query);
  sluice_status status = call_run(&c, error);
  return status == SLUICE_OK ? hand_over(&c, receiver, next, error) : status;
}
static sluice_status read_records(void *reader, const sluice_read_query *query, const sluice_read_receiver *receiver,
                                  uint64_t *next, sluice_error *error) {
  return read_page(reader, OP_READ_RECORDS, query, receiver, next, error);
}
static sluice_status read_checkpoints(void *reader, const sluice_read_query *query,
                                      const sluice_read_receiver *receiver, uint64_t *next, sluice_error *error) {
  return read_page(reader, OP_READ_CHECKPOINTS, query, receiver, next, error);
}
static sluice_status read_sessions(void *reader, const sluice_read_query *query, const sluice_read_receiver *receiver,
                                   uint64_t *next, sluice_error *error) {
  return read_page(reader, OP_READ_SESSIONS, query, receiver, next, error);
}

static void read_close(void *reader) {
  session *s = reader;
  tell_closed(s, 1, s->instance->plugin->policy.control_milliseconds);
  life_release(s->life), free(s);
}

const sluice_sink_read reading_functions = {sizeof reading_functions, 0, NULL, read_configure, read_logs, read_open,
                                            read_records, read_checkpoints, read_sessions, read_close};
