/* upcalls.c: what an isolated plugin asks of this host, and what it owes it. */
#define _GNU_SOURCE
#include "process.h"

/* ---- where acknowledgements go ---- */

typedef struct receiver {
  struct receiver *next;
  uint64_t number;
  const isolated *plugin; /* nobody else may acknowledge what it keeps */
  const sluice_acknowledger *acknowledger;
} receiver;
static pthread_mutex_t receiving = PTHREAD_MUTEX_INITIALIZER;
static receiver *receivers;
static uint64_t next_receiver = 1;

uint64_t receiver_add(const isolated *plugin, const sluice_acknowledger *acknowledger) {
  receiver *added = calloc(1, sizeof *added);
  if (!added) abort();
  pthread_mutex_lock(&receiving);
  added->number = next_receiver++, added->plugin = plugin, added->acknowledger = acknowledger;
  added->next = receivers, receivers = added;
  pthread_mutex_unlock(&receiving);
  return added->number;
}

void receiver_remove(uint64_t number) {
  pthread_mutex_lock(&receiving);
  for (receiver **at = &receivers; *at; at = &(*at)->next)
    if ((*at)->number == number) {
      receiver *old = *at;
      *at = old->next, free(old);
      break;
    }
  pthread_mutex_unlock(&receiving);
}

/* ---- literals ---- */

static pthread_rwlock_t listing = PTHREAD_RWLOCK_INITIALIZER;
static isolated *all_isolated;

void image_add(isolated *plugin) {
  pthread_rwlock_wrlock(&listing);
  plugin->next = all_isolated, all_isolated = plugin;
  pthread_rwlock_unlock(&listing);
}

void image_remove(isolated *plugin) {
  pthread_rwlock_wrlock(&listing);
  for (isolated **at = &all_isolated; *at; at = &(*at)->next)
    if (*at == plugin) {
      *at = plugin->next;
      break;
    }
  pthread_rwlock_unlock(&listing);
}

int32_t sluice_isolation_is_literal(const void *address) {
  int32_t is_literal = 0;
  pthread_rwlock_rdlock(&listing);
  for (isolated *p = all_isolated; p && !is_literal; p = p->next)
    is_literal = (const char *)address >= (const char *)p->image &&
                 (const char *)address < (const char *)p->image + p->image_length;
  pthread_rwlock_unlock(&listing);
  return is_literal;
}

/* The text as it stands in the plugin's own file: what is not there is no literal, whoever says so. */
static sluice_bytes literal(isolated *plugin, sluice_bytes text) {
  if (text.length == 0 || text.length > 256) return text;
  const void *found = memmem(plugin->image, plugin->image_length, text.data, text.length);
  return found ? (sluice_bytes){found, text.length} : text;
}

static const void *service(isolated *plugin, const char *id) {
  return plugin->host->get_extension(plugin->host, (sluice_bytes){(const uint8_t *)id, strlen(id)});
}

/* Entries that it may log at once, and in each second after that: a plugin must not fill its host's disk. */
#define LOGGED_AT_ONCE 200u
#define LOGGED_EACH_SECOND 20u

/* Whether it may log one more now; then how many were left out before. */
static int may_log(isolated *plugin, uint64_t *left_out) {
  const uint64_t each = 1000000000u / LOGGED_EACH_SECOND;
  pthread_mutex_lock(&plugin->lock);
  uint64_t now = channel_now(), full = now - LOGGED_AT_ONCE * each;
  if (now < LOGGED_AT_ONCE * each) full = 0;
  if (plugin->logged_from < full) plugin->logged_from = full;
  int may = plugin->logged_from + each <= now;
  if (may) plugin->logged_from += each, *left_out = plugin->left_out, plugin->left_out = 0;
  else plugin->left_out++;
  pthread_mutex_unlock(&plugin->lock);
  return may;
}

static sluice_status write_log(isolated *plugin, wire_reader *r) {
  const sluice_host_log *log = service(plugin, SLUICE_HOST_LOG_ID);
  uint32_t level = take32(r);
  sluice_bytes template_text = literal(plugin, take_bytes(r));
  sluice_log_field fields[16] = {{0}};
  uint64_t count = take64(r), left_out = 0;
  if (count > 16) return SLUICE_ERROR_DENIED;
  for (uint64_t i = 0; i < count; i++) {
    fields[i].size = sizeof *fields, fields[i].disclosure = take32(r);
    fields[i].name = literal(plugin, take_bytes(r));
    uint32_t is_text = take32(r);
    fields[i].text = take_bytes(r), fields[i].number = (int64_t)take64(r);
    if (!is_text) fields[i].text.data = NULL;
  }
  if (r->broken || !log || !may_log(plugin, &left_out)) return SLUICE_OK;
  if (left_out) {
    static const char said[] = "an isolated plugin logs too much; entries were left out", name[] = "entries", whose[] = "plugin";
    sluice_log_field told[] = {
        {.size = sizeof *told, .disclosure = SLUICE_FIELD_PUBLIC, .name = {(const uint8_t *)whose, sizeof whose - 1},
         .text = plugin->table.id},
        {.size = sizeof *told, .disclosure = SLUICE_FIELD_PUBLIC, .name = {(const uint8_t *)name, sizeof name - 1},
         .number = (int64_t)left_out}};
    log->write(plugin->host, SLUICE_LOG_WARNING, (sluice_bytes){(const uint8_t *)said, sizeof said - 1},
               (sluice_array){told, 2, sizeof *told});
  }
  log->write(plugin->host, level, template_text, (sluice_array){fields, count, sizeof *fields});
  return SLUICE_OK;
}

/* ---- answers that are owed ---- */

/* A token that the plugin was given, and has not answered. */
struct owed {
  struct owed *next;
  uint64_t token;
  uint32_t kind;
  child *life;
};

void owed_add(child *life, uint32_t kind, uint64_t token) {
  isolated *plugin = life->plugin;
  owed *added = malloc(sizeof *added);
  if (!added) abort();
  pthread_mutex_lock(&plugin->lock);
  /* A life that has ended answers nothing, and the call says so. */
  int is_over = atomic_load(&life->ended);
  *added = (owed){plugin->owes, token, kind, life};
  if (!is_over) plugin->owes = added;
  pthread_mutex_unlock(&plugin->lock);
  if (is_over) free(added);
}

int owed_settle(isolated *plugin, uint32_t kind, uint64_t token) {
  owed *found = NULL;
  pthread_mutex_lock(&plugin->lock);
  for (owed **at = &plugin->owes; *at && !found; at = found ? at : &(*at)->next)
    if ((*at)->token == token && (*at)->kind == kind) found = *at, *at = found->next;
  pthread_mutex_unlock(&plugin->lock);
  free(found);
  return found != NULL;
}

owed *owed_take(child *life) {
  owed *taken = NULL;
  for (owed **at = &life->plugin->owes; *at;) {
    owed *next = *at;
    if (next->life != life) {
      at = &next->next;
    } else {
      *at = next->next, next->next = taken, taken = next;
    }
  }
  return taken;
}

void owed_answer(isolated *plugin, owed *all) {
  const sluice_host_completion *completion = service(plugin, SLUICE_HOST_COMPLETION_ID);
  static const char why[] = "The isolated gate's process ended before it had decided.";
  sluice_authentication nobody = {.size = sizeof nobody, .verdict = SLUICE_AUTHENTICATE_UNAVAILABLE};
  sluice_gate_decision denied = {.size = sizeof denied, .verdict = SLUICE_GATE_DENY,
                                 .reason = {(const uint8_t *)why, sizeof why - 1}};
  while (all) {
    owed *next = all->next;
    if (completion && all->kind == KIND_AUTHENTICATE) completion->authenticated(plugin->host, all->token, &nobody);
    if (completion && all->kind == KIND_GATE) completion->decided(plugin->host, all->token, &denied);
    free(all), all = next;
  }
}

/* An answer that comes later. One for a token that this plugin was not given is stale, whoever's it is. */
static sluice_status complete(isolated *plugin, uint32_t what, wire_reader *r) {
  const sluice_host_completion *completion = service(plugin, SLUICE_HOST_COMPLETION_ID);
  uint64_t token = take64(r);
  sluice_status status = completion ? SLUICE_ERROR_STALE : SLUICE_ERROR_UNSUPPORTED;
  if (what == UP_AUTHENTICATED) {
    sluice_principal principal;
    sluice_authentication a = take_authentication(r, &principal);
    if (completion && !r->broken && owed_settle(plugin, KIND_AUTHENTICATE, token))
      status = completion->authenticated(plugin->host, token, &a);
    free((void *)principal.groups.first);
  } else {
    sluice_gate_decision d = take_decision(r);
    if (completion && !r->broken && owed_settle(plugin, KIND_GATE, token)) status = completion->decided(plugin->host, token, &d);
    free_decision(&d);
  }
  return status;
}

/* ---- questions ---- */

static void take_key_owner(void *context, const sluice_principal *principal) { put_principal(context, principal); }

/* Those that a child may ask for: whether this host has them. A host notes that history is wanted when it is asked. */
static int has_service(isolated *plugin, sluice_bytes id) {
  const char *const known[] = {SLUICE_HOST_LOG_ID, SLUICE_HOST_FINGERPRINT_ID, SLUICE_HOST_KEYS_ID,
                               SLUICE_HOST_COMPLETION_ID, SLUICE_HOST_HISTORY_ID};
  for (size_t i = 0; i < sizeof known / sizeof *known; i++)
    if (id.length == strlen(known[i]) && memcmp(id.data, known[i], id.length) == 0) return service(plugin, known[i]) != NULL;
  return 0;
}

static void count_history(isolated *plugin, wire_reader *r, wire_writer *reply) {
  const sluice_host_history *history = service(plugin, SLUICE_HOST_HISTORY_ID);
  sluice_bytes subject = take_bytes(r);
  int64_t time = (int64_t)take64(r);
  uint64_t window = take64(r), distinct = 0;
  sluice_bytes kind = take_bytes(r);
  sluice_array fingerprints = take_texts(r);
  sluice_status status = history && !r->broken
                             ? history->count(plugin->host, subject, time, window, kind, fingerprints, &distinct)
                             : SLUICE_ERROR_UNSUPPORTED;
  free((void *)fingerprints.first);
  put32(reply, (uint32_t)status), put64(reply, distinct);
}

static void take_reply(const sluice_notify_emitter *replies, wire_reader *r, wire_writer *reply) {
  sluice_reply given = take_reply_of_person(r);
  uint32_t outcome = SLUICE_OUTCOME_UNAVAILABLE;
  sluice_status status = r->broken ? SLUICE_ERROR_DENIED : replies->reply(replies->context, &given, &outcome);
  free((void *)given.groups.first);
  put32(reply, (uint32_t)status), put32(reply, outcome);
}

sluice_status isolated_upcall(isolated *plugin, const sluice_notify_emitter *replies, wire_reader *r, wire_writer *reply) {
  uint32_t what = take32(r);
  if (what == UP_LOG) {
    sluice_status status = write_log(plugin, r);
    if (status != SLUICE_OK) return status;
    put32(reply, SLUICE_OK);
  } else if (what == UP_FINGERPRINT) {
    const sluice_host_fingerprint *fingerprint = service(plugin, SLUICE_HOST_FINGERPRINT_ID);
    sluice_bytes domain = take_bytes(r), value = take_bytes(r);
    uint8_t made[16] = {0};
    sluice_status status = fingerprint && !r->broken
                               ? fingerprint->compute(plugin->host, domain, value, made) : SLUICE_ERROR_UNSUPPORTED;
    put32(reply, (uint32_t)status), put_bytes(reply, (sluice_bytes){made, sizeof made});
  } else if (what == UP_KEY) {
    const sluice_host_keys *keys = service(plugin, SLUICE_HOST_KEYS_ID);
    sluice_bytes digest = take_bytes(r);
    if (r->broken || digest.length != 32) return SLUICE_ERROR_DENIED;
    uint32_t state = SLUICE_KEY_UNKNOWN;
    wire_writer owner = {0};
    sluice_key_receiver take = {sizeof take, 0, &owner, take_key_owner};
    sluice_status status = keys ? keys->find(plugin->host, digest.data, &state, &take) : SLUICE_ERROR_UNSUPPORTED;
    put32(reply, (uint32_t)status), put32(reply, state);
    owner.length ? put_raw(reply, owner.bytes, owner.length) : put32(reply, 0);
    free(owner.bytes);
  } else if (what == UP_ACKNOWLEDGE) {
    uint64_t number = take64(r), sequence = take64(r);
    uint32_t level = take32(r);
    const sluice_acknowledger *found = NULL;
    pthread_mutex_lock(&receiving);
    for (receiver *at = receivers; at; at = at->next)
      if (at->number == number && at->plugin == plugin) found = at->acknowledger;
    pthread_mutex_unlock(&receiving);
    put32(reply, (uint32_t)(found && !r->broken ? found->acknowledge(found->context, sequence, level)
                                                : SLUICE_ERROR_STALE));
  } else if (what == UP_EXTENSION) {
    put32(reply, (uint32_t)has_service(plugin, take_bytes(r)));
  } else if (what == UP_HISTORY) {
    count_history(plugin, r, reply);
  } else if (what == UP_REPLY && replies) {
    take_reply(replies, r, reply);
  } else if (what == UP_AUTHENTICATED || what == UP_DECIDED) {
    put32(reply, (uint32_t)complete(plugin, what, r));
  } else {
    return SLUICE_ERROR_DENIED;
  }
  return r->broken || reply->broken ? SLUICE_ERROR_DENIED : SLUICE_OK;
}
