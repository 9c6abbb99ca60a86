/* A detector that does nothing: what is left of a call is the border's cost. */
#include "sluice/sluice.h"
#include "sluice/note.h"
#include <string.h>
#define TEXT(literal) {(const uint8_t *)literal, sizeof literal - 1}
static uint64_t hold(void *instance) { return (uint64_t)(instance && 0); }
static sluice_status begin(void *i, const sluice_exchange *x, void **s, sluice_error *e) {
  (void)i, (void)x, (void)e, *s = s;
  return SLUICE_OK;
}
static sluice_status feed(void *s, const sluice_segment *g, uint64_t base, sluice_bytes bytes, uint32_t end,
                          const sluice_finding_emitter *m, uint64_t *safe, sluice_error *e) {
  (void)s, (void)g, (void)end, (void)m, (void)e;
  *safe = base + bytes.length;
  return SLUICE_OK;
}
static void finish(void *session) { (void)session; }
static sluice_status create(const sluice_filter *f, const sluice_host *h, sluice_bytes c, void **i, sluice_error *e) {
  (void)f, (void)h, (void)c, (void)e, *i = i;
  return SLUICE_OK;
}
static void destroy(const sluice_filter *f, void *i) { (void)f, (void)i; }
static const sluice_filter filter = {sizeof filter, 0, TEXT("null"), TEXT("Nothing."), TEXT("{}"), 0, 0, create, destroy};
static const sluice_detect detect = {sizeof detect, 0, &filter, hold, begin, feed, finish};
static const void *extension(const sluice_plugin *p, sluice_bytes id) {
  (void)p;
  return id.length == strlen(SLUICE_DETECT_ID) && !memcmp(id.data, SLUICE_DETECT_ID, id.length) ? &detect : 0;
}
static const sluice_plugin plugin = {sizeof plugin, SLUICE_ABI_MAJOR, SLUICE_ABI_MINOR, 0, TEXT("org.sluice.null"), TEXT("1.0.0"), extension};
SLUICE_NOTE("org.sluice.null", "sluice.detect/1")
const sluice_plugin *sluice_plugin_v1(const sluice_host *host) { return host ? &plugin : 0; }
