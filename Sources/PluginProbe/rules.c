/* rules.c: which rules there are that filters of all kinds but sinks share. What breaks a rule is said where it is seen: in the
 * rules_*.c; an emitter's rules in emitters.c, safe_through's in session.c. */
#define _GNU_SOURCE
#include "probe.h"

static const struct {
  const char *name;
  void (*run)(subject *);
  int needs_instance;
} rules[] = {
    {"tables", rule_tables, 0},
    {"schema", rule_schema, 0},
    {"configuration", rule_configuration, 0},
    {"lifecycle", rule_lifecycle, 1},
    {"splits", rule_splits, 1},
    {"repeat", rule_repeat, 1},
    {"turns", rule_turns, 1},
    {"threads", rule_threads, 1},
    {"memory", rule_memory, 1},
    {"growth", rule_growth, 1},
    {"errors", rule_errors, 1},
    {"hostile", rule_hostile, 1},
    {"canary", rule_canary, 1},
    {"pending", rule_pending, 1},
    {"blocking", rule_blocking, 1},
    {"budget", rule_budget, 1},
};

int run_rule(const char *rule, subject *s) {
  for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
    if (strcmp(rules[i].name, rule) != 0) continue;
    /* The host's thread waits for the child, and its processor time is not the plugin's. */
    if (probe_task_now->isolated[0] != 0 && (strcmp(rule, "blocking") == 0 || strcmp(rule, "budget") == 0)) {
      probe_skip("it is looked at in process");
      return 1;
    }
    int is_sink = strcmp(s->kind, "sink") == 0;
    if (strcmp(s->kind, "notify") == 0 && rules[i].needs_instance) return run_notify_rule(rule, s);
    if (is_sink && rules[i].needs_instance) return run_sink_rule(rule, s);
    if (rules[i].needs_instance && !make_instance(s)) return 1;
    rules[i].run(s);
    if (s->instance != NULL) end_instance(s);
    return 1;
  }
  if (strcmp(s->kind, "notify") == 0) return run_notify_rule(rule, s);
  return strcmp(s->kind, "sink") == 0 ? run_sink_rule(rule, s) : 0;
}
