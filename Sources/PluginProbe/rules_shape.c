/* rules_shape.c: what is handed out, and the life of instances and sessions. */
#define _GNU_SOURCE
#include "probe.h"

#include <stdio.h>

/* ---- tables: what plugin.h and the stage's header demand of what is handed out ---- */

static int is_word(sluice_bytes text, size_t longest, const char *more) {
  if (text.data == NULL || text.length == 0 || text.length > longest) return 0;
  for (uint64_t i = 0; i < text.length; i++) {
    uint8_t b = text.data[i];
    if (!((b >= 'a' && b <= 'z') || (b >= '0' && b <= '9') || strchr(more, b) != NULL)) return 0;
  }
  return 1;
}

void rule_tables(subject *s) {
  const sluice_plugin *plugin = s->plugin;
  if (plugin->abi_major != SLUICE_ABI_MAJOR) probe_fail("tables", "abi_major is %u", plugin->abi_major);
  if (!is_word(plugin->id, 128, ".-_")) probe_fail("tables", "the plugin's id is not in lower case and reverse DNS");
  if (plugin->version.length == 0 || plugin->version.length > 64) probe_fail("tables", "the plugin has no version");
  if (!is_word(s->filter->name, 64, "-")) probe_fail("tables", "the filter's name is not lower-case letters, digits and -");
  if (s->filter->summary.length == 0) probe_fail("tables", "the filter has no summary");
  if (s->filter->flags & ~SLUICE_FILTER_BLOCKS) probe_fail("tables", "the filter's flags have bits that mean nothing");
  if (plugin->get_extension(plugin, text_of(s->id)) != s->table) {
    probe_fail("tables", "get_extension answers another table the second time");
  }
  /* An id is compared whole, and its text is not kept. */
  const char *others[] = {"", "sluice", "sluice.detect/2", "sluice.unknown/1", "sluice.detect/1x"};
  for (size_t i = 0; i < 5; i++) {
    if (plugin->get_extension(plugin, text_of(others[i])) != NULL) {
      probe_fail("tables", "get_extension answers a table to '%s', which it does not know", others[i]);
    }
  }
  const void *const *functions = (const void *const *)((const char *)s->table + offsetof(sluice_detect, maximum_hold));
  const sluice_detect *table = s->table;
  size_t needed = strcmp(s->kind, "detect") == 0 ? 4 : strcmp(s->kind, "mask") == 0 ? 3 : strcmp(s->kind, "sink") == 0 ? 6
                  : strcmp(s->kind, "gate") == 0 || strcmp(s->kind, "authenticate") == 0 || strcmp(s->kind, "notify") == 0 ? 1 : 5;
  if (table->size < offsetof(sluice_detect, maximum_hold) + needed * sizeof(void *)) {
    probe_fail("tables", "the table's size is %u: it ends before its functions do", table->size);
    return;
  }
  int may_miss_first = strcmp(s->kind, "guard") == 0 || strcmp(s->kind, "score") == 0;
  for (size_t i = may_miss_first ? 1 : 0; i < needed; i++) {
    if (functions[i] == NULL) probe_fail("tables", "function %zu of the table '%s' is missing", i + 1, s->id);
  }
  probe_pass("the tables are whole");
}

/* The schema, for the parent to read; and a host of another major number is refused. */
void rule_schema(subject *s) {
  char name[16];
  snprintf(name, sizeof name, "%s", s->kind);
  size_t length = s->filter->schema.length;
  if (s->filter->schema.data == NULL || length == 0 || length > 1 << 20) {
    probe_fail("tables", "the filter exports no schema of at most 1 MiB");
    return;
  }
  char *hex = malloc(length * 2 + 1);
  for (size_t i = 0; i < length; i++) sprintf(hex + 2 * i, "%02x", s->filter->schema.data[i]);
  dprintf(probe_task_now->report, "schema\t%s\t%s\n", name, hex);
  dprintf(probe_task_now->report, "name\t%s\t%.*s\n", name, (int)s->filter->name.length, s->filter->name.data);
  free(hex);
}

/* ---- configuration: validate has no side effects; what fails leaves nothing behind ---- */

void rule_configuration(subject *s) {
  size_t descriptors = open_descriptors(), threads = live_threads();
  if (s->filter->validate != NULL) {
    for (int i = 0; i < 20; i++) {
      sluice_bytes json = lend(probe_task_now->configuration, strlen(probe_task_now->configuration));
      sluice_status status = s->filter->validate(s->filter, json, i % 2 ? NULL : fresh_error());
      take_back();
      if (status != SLUICE_OK) probe_fail("configuration", "validate answers %d to a configuration that create takes", status);
    }
    if (open_descriptors() > descriptors) probe_fail("configuration", "validate leaves files or sockets open");
    if (live_threads() > threads) probe_fail("configuration", "validate leaves threads behind");
  }
  if (!make_instance(s)) return;
  end_instance(s);
  descriptors = open_descriptors(), threads = live_threads();
  for (int i = 0; i < 5 && make_instance(s); i++) end_instance(s);
  if (open_descriptors() > descriptors) probe_fail("configuration", "instances leave files or sockets open when they end");
  if (live_threads() > threads) probe_fail("configuration", "instances leave threads behind when they end");
  probe_pass("instances come and go, and leave nothing behind");
}

/* ---- lifecycle: every order of calls that the headers allow ---- */

void rule_lifecycle(subject *s) {
  plan p = plain_plan;
  size_t done = 0;
  /* Closed at once, in the middle of a text, and after its end. */
  for (size_t i = 0; i < sample_count(); i++) {
    const sample *sample = sample_at(i);
    size_t cuts[] = {sample->text.length / 3, sample->text.length / 2, sample->text.length};
    for (int steps = 0; steps < 5; steps++) {
      p = plain_plan;
      p.cuts = cuts, p.cut_count = 3, p.abandons_after = steps;
      session *session = exercise(s, sample, &p);
      session_free(session);
      done++;
    }
  }
  /* Many at once, and two instances. */
  enum { MANY = 64 };
  session *many[MANY];
  for (size_t i = 0; i < MANY; i++) many[i] = session_open(s, sample_at(i % sample_count()), &plain_plan);
  for (size_t i = 0; i < MANY; i += 2) session_close(many[i]), session_free(many[i]);
  subject other = *s;
  if (!make_instance(&other)) return;
  for (size_t i = 1; i < MANY; i += 2) {
    while (session_step(many[i])) continue;
    session_close(many[i]), session_free(many[i]);
  }
  session *last = exercise(&other, sample_at(2), &plain_plan);
  session_free(last);
  end_instance(&other);
  /* An instance that has never had a session, and one that had some before. */
  end_instance(s);
  if (!make_instance(s)) return;
  last = exercise(s, sample_at(3), &plain_plan);
  session_free(last);
  probe_pass("%zu sessions were closed early, late and side by side", done + MANY + 2);
}
