/* report.c: what the probe says, one line for each result: WORD, rule, text, with tabs between them. */
#define _GNU_SOURCE
#include "probe.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

const probe_task *probe_task_now;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static uint64_t said[256];
static size_t said_count;
static int has_failed;

static void say(const char *word, const char *rule, const char *text) {
  char line[1024];
  int length = snprintf(line, sizeof line - 1, "%s\t%s\t%s", word, rule, text);
  if (length < 0) return;
  if ((size_t)length > sizeof line - 2) length = sizeof line - 2;
  for (int i = 0, tabs = 0; i < length; i++) {
    if (line[i] == '\t' && tabs < 2) { tabs++; continue; }
    if ((uint8_t)line[i] < 0x20 || line[i] == 0x7F) line[i] = '?';
  }
  line[length++] = '\n';
  uint64_t hash = 14695981039346656037u;
  for (int i = 0; i < length; i++) hash = (hash ^ (uint8_t)line[i]) * 1099511628211u;
  pthread_mutex_lock(&lock);
  int is_new = said_count < sizeof said / sizeof said[0];
  for (size_t i = 0; i < said_count && is_new; i++) is_new = said[i] != hash;
  if (is_new) {
    said[said_count++] = hash;
    ssize_t done = write(probe_task_now->report, line, (size_t)length);
    (void)done;
  }
  pthread_mutex_unlock(&lock);
}

#define SAY(word, rule)                          \
  char text[900];                                \
  va_list arguments;                             \
  va_start(arguments, format);                   \
  vsnprintf(text, sizeof text, format, arguments); \
  va_end(arguments);                             \
  say(word, rule, text)

void probe_fail(const char *rule, const char *format, ...) {
  has_failed = 1;
  SAY("fail", rule);
}
void probe_pass(const char *format, ...) { SAY("pass", probe_task_now->rule); }
void probe_skip(const char *format, ...) { SAY("skip", probe_task_now->rule); }
void probe_remark(const char *format, ...) { SAY("remark", probe_task_now->rule); }
void probe_figure(const char *name, double value) {
  char text[64];
  snprintf(text, sizeof text, "%.3f", value);
  say("figure", name, text);
}
int probe_has_failed(void) { return has_failed; }

void buffer_add(buffer *b, const void *data, size_t length) {
  if (b->length + length > b->capacity) {
    b->capacity = (b->length + length) * 2 + 64;
    b->data = realloc(b->data, b->capacity);
    if (b->data == NULL) abort();
  }
  if (length > 0) memcpy(b->data + b->length, data, length);
  b->length += length;
}

void buffer_text(buffer *b, const char *format, ...) {
  char text[512];
  va_list arguments;
  va_start(arguments, format);
  int length = vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  if (length > 0) buffer_add(b, text, (size_t)length < sizeof text ? (size_t)length : sizeof text - 1);
}

void buffer_bytes(buffer *b, sluice_bytes bytes) {
  if (bytes.data != NULL) buffer_add(b, bytes.data, bytes.length);
}

void buffer_free(buffer *b) {
  free(b->data);
  *b = (buffer){0};
}

int buffer_equal(const buffer *one, const buffer *other) {
  return one->length == other->length && (one->length == 0 || memcmp(one->data, other->data, one->length) == 0);
}
