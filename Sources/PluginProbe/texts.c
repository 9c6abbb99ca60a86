/* texts.c: what filters are shown: short texts of many kinds, and whatever the vendor adds. */
#define _GNU_SOURCE
#include "probe.h"

#include <stdio.h>

/* Values that must never be seen outside a text. They look like what detectors look for. */
const char *const probe_canaries[] = {"Quillfeather", "Zanzibarova", "927-46-1183", "927461183", "MRN-84620175", "84620175",
                                "canary@quillfeather.example", "EMP-771394", NULL};

const char *probe_canary(int index) { return probe_canaries[index]; }

static const char *const built_in[] = {
    "",
    "x",
    "The patient, Mr. Jane Doe, was seen on 2024-03-05 by Dr. John Q. Public.",
    "SSN 123-45-6789, MRN 00482913, phone (415) 555-0132, fax +1 415 555 0133.",
    "name: Quillfeather, Zanzibarova; ssn: 927-46-1183; mrn: MRN-84620175; mail canary@quillfeather.example",
    "Contact EMP-771394 or EMP-123456 about invoice 4711, card 4111 1111 1111 1111.",
    "DOB 05/03/1961. Admitted 5 March 2024, 14:32. Zip 02139-4307. Account no. DE89 3704 0044 0532 0130 00.",
    "\xC3\x89lo\xC3\xAFse M\xC3\xBCller (geb. \xC3\x98" "degaard) \xE2\x80\x94 \xE6\x9D\x8E\xE5\xB0\x8F\xE9\xBE\x99, "
    "\xF0\x9F\x91\xA9\xE2\x80\x8D\xE2\x9A\x95\xEF\xB8\x8F 123-45-6789",
    "AAAA1111BBBB2222CCCC3333DDDD4444EEEE5555FFFF6666",
    "11111111111111111111111111111111111111111111111111111111111111111111111111111111",
    "a.b.c-d_e/f\\g\"h'i\tj\r\nk\n\nl  m   n",
    "{\"patient\":{\"name\":\"Jane Doe\",\"ssn\":\"123456789\",\"ids\":[1,2,3]}}",
    "https://example.org/records?mrn=00482913&name=Jane%20Doe#x and 192.0.2.7, 2001:db8::1",
    "Jane Doe Jane Doe Jane Doe. Doe, Jane. JANE DOE. jane doe. J. Doe",
    "EMP-12345 EMP-1234567 XEMP-123456 EMP-123456Y EMP-654321",
    "MRN: 12345678 MRN:87654321 mrn 11223344 #99887766 ID# 5551234",
    "Take 20 mg twice a day for 14 days; BP 120/80, HR 72, temp 37.2, INR 2.5, 98% on room air.",
    "nothing at all to see here, only words in a row that mean little",
    "2\xC2\xB2 = 4, \xEF\xBC\x91\xEF\xBC\x92\xEF\xBC\x93-\xEF\xBC\x94\xEF\xBC\x95-\xEF\xBC\x96\xEF\xBC\x97\xEF\xBC\x98\xEF\xBC\x99",
    "Robert'); DROP TABLE Students;-- <script>alert(1)</script> ${jndi:ldap://x} %s%n",
    "S\xC3\xB8ren Kierkegaard's number is 123-45-678",
    "9 of 10; 1/2; 3.14159; 1e10; 0x1F; 1,000,000.00; 12:30; (a) (b) (c)",
};
enum { BUILT_IN = sizeof built_in / sizeof built_in[0], MOST = 256 };

static sample samples[MOST];
static size_t samples_made;

static int is_digit(uint8_t byte) { return byte >= '0' && byte <= '9'; }
static int is_capital(uint8_t byte) { return byte >= 'A' && byte <= 'Z'; }
static int is_small(uint8_t byte) { return byte >= 'a' && byte <= 'z'; }

/* What a detector might have found: runs of digits, and pairs of capitalised words. */
static void plant(sample *s) {
  const uint8_t *t = s->text.data;
  size_t n = s->text.length;
  static const char *const kinds[] = {"SSN", "MRN", "PHONE", "DATE", "ACCOUNT"};
  for (size_t i = 0; i < n && s->count < 64;) {
    size_t end = i;
    if (is_digit(t[i])) {
      while (end < n && (is_digit(t[end]) || (t[end] == '-' && end + 1 < n && is_digit(t[end + 1])))) end++;
      if (end - i >= 4) s->findings[s->count] = (planted){i, end, kinds[s->count % 5]}, s->count++;
    } else if (is_capital(t[i]) && (i == 0 || !(is_capital(t[i - 1]) || is_small(t[i - 1])))) {
      while (end < n && (is_capital(t[end]) || is_small(t[end]))) end++;
      size_t second = end;
      if (second + 1 < n && t[second] == ' ' && is_capital(t[second + 1])) {
        second++;
        while (second < n && (is_capital(t[second]) || is_small(t[second]))) second++;
      } else second = end;
      if (second > end) s->findings[s->count] = (planted){i, second, "NAME"}, s->count++, end = second;
    }
    i = end > i ? end : i + 1;
  }
}

static void make(const void *data, size_t length) {
  if (samples_made == MOST) return;
  static const uint32_t roles[] = {SLUICE_ROLE_USER, SLUICE_ROLE_SYSTEM, SLUICE_ROLE_TOOL, SLUICE_ROLE_ASSISTANT};
  static const char *const names[] = {"content", "text", "input", "note"};
  sample *s = &samples[samples_made];
  *s = (sample){.text = {data, length},
                .role = roles[samples_made % 4],
                .id = samples_made + 1,
                .flags = SLUICE_SEGMENT_STREAMED,
                .pointer = "/messages/0/content",
                .name = names[samples_made % 4]};
  plant(s);
  samples_made++;
}

static void prepare(void) {
  if (samples_made > 0) return;
  for (size_t i = 0; i < BUILT_IN; i++) make(built_in[i], strlen(built_in[i]));
}

void load_more_texts(const char *path) {
  prepare();
  FILE *file = path[0] != 0 ? fopen(path, "rb") : NULL;
  if (file == NULL) return;
  char *line = NULL;
  size_t capacity = 0;
  ssize_t length;
  while ((length = getline(&line, &capacity, file)) > 0) {
    if (line[length - 1] == '\n') length--;
    if (length == 0 || length > 4096) continue;
    char *kept = malloc((size_t)length);
    if (kept == NULL) abort();
    memcpy(kept, line, (size_t)length);
    make(kept, (size_t)length);
  }
  free(line);
  fclose(file);
}

size_t sample_count(void) {
  prepare();
  return samples_made;
}

const sample *sample_at(size_t index) {
  prepare();
  return &samples[index];
}

uint8_t *long_text(size_t length) {
  uint8_t *text = malloc(length > 0 ? length : 1);
  if (text == NULL) abort();
  size_t filled = 0;
  while (filled < length) {
    blob part = samples[chance_below(sample_count())].text;
    size_t count = part.length < length - filled ? part.length : length - filled;
    memcpy(text + filled, part.data, count);
    filled += count;
    if (filled < length) text[filled++] = ' ';
  }
  return text;
}

/* SplitMix64 (Steele, Lea, Flood 2014). */
uint64_t chance(void) {
  static uint64_t state;
  static int is_begun;
  if (!is_begun) state = probe_task_now->seed, is_begun = 1;
  uint64_t z = (state += 0x9E3779B97F4A7C15u);
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

size_t chance_below(size_t limit) { return limit == 0 ? 0 : (size_t)(chance() % limit); }

/* RFC 3629. */
int is_utf8(blob text) {
  const uint8_t *t = text.data;
  for (size_t i = 0; i < text.length;) {
    uint8_t b = t[i];
    size_t more = b < 0x80 ? 0 : b >= 0xC2 && b < 0xE0 ? 1 : b >= 0xE0 && b < 0xF0 ? 2 : b >= 0xF0 && b < 0xF5 ? 3 : 9;
    if (more > 3 || i + more >= text.length) return 0;
    for (size_t k = 1; k <= more; k++) if ((t[i + k] & 0xC0) != 0x80) return 0;
    if (b == 0xE0 && t[i + 1] < 0xA0) return 0;
    if (b == 0xED && t[i + 1] > 0x9F) return 0;
    if (b == 0xF0 && t[i + 1] < 0x90) return 0;
    if (b == 0xF4 && t[i + 1] > 0x8F) return 0;
    i += more + 1;
  }
  return 1;
}

int is_border(blob text, uint64_t offset) { return offset >= text.length || (text.data[offset] & 0xC0) != 0x80; }
