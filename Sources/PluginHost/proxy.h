/* proxy.h: what the files of an isolated plugin's tables share. */
#ifndef SLUICE_PROXY_H
#define SLUICE_PROXY_H

#include "process.h"

/* How often one call begins again, where it is always another one's that the process ends in. */
#define MOST_ATTEMPTS 8

typedef struct session {
  instance *instance;
  child *life;
  uint64_t handle;    /* 0: the child has not opened it yet */
  wire_writer review; /* of a guard or a score: what is told at its end; of others: what opens it */
  wire_writer history; /* the calls that were answered: by which the session begins again in another life */
  int is_long;         /* more was told than is kept: it ends with its life */
  int is_lost;         /* it could not be told again in full: nothing may be asked of it any more */
  uint64_t receiver;  /* of a sink */
} session;

/* The instance's life and its handle there. NULL: there is none now, and `error` says why. */
child *life_of(instance *instance, uint64_t *handle, sluice_error *error, sluice_status *status);
sluice_status no_life(isolated *plugin, sluice_error *error);
/* Tells the child that a session is closed: with its next call, or at once. */
void tell_closed(session *s, int at_once, uint32_t milliseconds);

/* ---- proxy_instance.c: what every filter has, and facts that the first life told ---- */
sluice_status instance_validate(const sluice_filter *filter, sluice_bytes configuration, sluice_error *error);
sluice_status instance_create(const sluice_filter *filter, const sluice_host *host, sluice_bytes configuration, void **made,
                              sluice_error *error);
void instance_end(const sluice_filter *filter, void *made);
uint64_t instance_hold(void *made);
uint32_t instance_wants(void *made);

/* The functions of each kind; a plugin's table is a copy without what the plugin lacks. */
extern const sluice_detect detect_functions;
extern const sluice_mask mask_functions;
extern const sluice_guard guard_functions;
extern const sluice_score score_functions;
extern const sluice_authenticate authenticate_functions;
extern const sluice_gate gate_functions;
extern const sluice_notify notify_functions;
extern const sluice_sink sink_functions;
extern const sluice_sink_read reading_functions;

#endif
