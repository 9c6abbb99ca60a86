/* syslog.c: `sink: syslog`, records of evidence as messages of RFC 5424, over a Unix socket (/dev/log) or UDP.
 *
 * What syslog can honestly acknowledge: RECEIVED, the lowest level. A datagram that was sent is in a queue of the kernel's
 * or of a receiver's, and nobody ever says whether it was kept. So this sink promises no more, and the gateway's own log,
 * or another sink, has to be the evidence: syslog is a copy for those who watch. UDP loses messages silently.
 *
 * Where it stands is kept in a file, written after the messages were sent: after a crash the last ones come again. Each
 * message says its record's sequence, by which a receiver knows them. */
#define _GNU_SOURCE
#include <sluice/sluice.h>

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define PRIORITY 110      /* facility 13, log audit; severity 6, informational */
#define ENTERPRISE 32473  /* for examples (RFC 5612): put your own here */
#define LONGEST_PART 1600 /* bytes of a record in one message: with its head within the 2048 that every receiver should take */
#define LONGEST_TEXT 256

static sluice_bytes text_of(const char *text) { return (sluice_bytes){(const uint8_t *)text, strlen(text)}; }

static sluice_status fail(sluice_error *error, sluice_status status, const char *message, const char *pointer) {
  if (error == NULL) return status;
  error->flags = 0;
  sluice_bytes texts[] = {text_of(message), text_of(pointer)};
  uint64_t sizes[] = {error->message_capacity, error->pointer_capacity};
  uint8_t *places[] = {error->message, error->pointer};
  uint64_t *lengths[] = {&error->message_length, &error->pointer_length};
  for (int i = 0; i < 2; i++) {
    *lengths[i] = places[i] == NULL ? 0 : texts[i].length < sizes[i] ? texts[i].length : sizes[i];
    if (*lengths[i] > 0) memcpy(places[i], texts[i].data, *lengths[i]);
  }
  return status;
}

/* ---- The configuration: canonical JSON whose texts need no escapes, as the schema says ---- */

static const char schema[] =
    "{\"type\":\"object\",\"required\":[\"address\",\"state\"],\"additionalProperties\":false,\"properties\":{"
    "\"address\":{\"type\":\"string\",\"maxLength\":120,"
    "\"pattern\":\"^(unix:/[A-Za-z0-9._/-]+|udp:[0-9.]+:[0-9]+|udp:\\\\[[0-9a-fA-F:.]+\\\\]:[0-9]+)$\","
    "\"description\":\"unix:/dev/log, udp:192.0.2.7:514 or udp:[2001:db8::7]:514\"},"
    "\"state\":{\"type\":\"string\",\"maxLength\":200,\"pattern\":\"^/[A-Za-z0-9._/-]*$\","
    "\"description\":\"folder for the file that says which record is next\"}}}";

typedef struct {
  struct sockaddr_storage address;
  socklen_t address_length;
  char state[LONGEST_TEXT];
} instance;

static int member(sluice_bytes json, const char *name, char *out) {
  char key[32];
  int length = snprintf(key, sizeof key, "\"%s\":\"", name);
  const uint8_t *found = memmem(json.data, json.length, key, (size_t)length);
  if (found == NULL) return 0;
  const uint8_t *begin = found + length, *end = memchr(begin, '"', json.length - (size_t)(begin - json.data));
  if (end == NULL || end == begin || end - begin >= LONGEST_TEXT) return 0;
  memcpy(out, begin, (size_t)(end - begin));
  out[end - begin] = 0;
  return 1;
}

static int parse_unix(instance *self, const char *path) {
  struct sockaddr_un *address = (struct sockaddr_un *)&self->address;
  if (strlen(path) >= sizeof address->sun_path) return 0;
  address->sun_family = AF_UNIX;
  strcpy(address->sun_path, path);
  self->address_length = sizeof *address;
  return 1;
}

static int parse_udp(instance *self, char *text) {
  char *colon = strrchr(text, ':');
  if (colon == NULL) return 0;
  long port = strtol(colon + 1, NULL, 10);
  *colon = 0;
  if (port < 1 || port > 65535) return 0;
  struct sockaddr_in *four = (struct sockaddr_in *)&self->address;
  struct sockaddr_in6 *six = (struct sockaddr_in6 *)&self->address;
  if (text[0] == '[' && colon[-1] == ']') {
    colon[-1] = 0;
    six->sin6_family = AF_INET6, six->sin6_port = htons((uint16_t)port), self->address_length = sizeof *six;
    return inet_pton(AF_INET6, text + 1, &six->sin6_addr) == 1;
  }
  four->sin_family = AF_INET, four->sin_port = htons((uint16_t)port), self->address_length = sizeof *four;
  return inet_pton(AF_INET, text, &four->sin_addr) == 1;
}

static sluice_status create(const sluice_filter *filter, const sluice_host *host, sluice_bytes configuration,
                            void **created, sluice_error *error) {
  (void)filter, (void)host;
  char address[LONGEST_TEXT];
  instance *made = calloc(1, sizeof *made);
  if (made == NULL) return fail(error, SLUICE_ERROR_LIMIT, "out of memory", "");
  int is_good = member(configuration, "address", address) &&
                ((strncmp(address, "unix:", 5) == 0 && parse_unix(made, address + 5)) ||
                 (strncmp(address, "udp:", 4) == 0 && parse_udp(made, address + 4)));
  if (!is_good || !member(configuration, "state", made->state)) {
    free(made);
    return is_good ? fail(error, SLUICE_ERROR_CONFIGURATION, "name a folder for the file that says which record is next", "/state")
                   : fail(error, SLUICE_ERROR_CONFIGURATION, "this is no address such as unix:/dev/log or udp:192.0.2.7:514", "/address");
  }
  *created = made;
  return SLUICE_OK;
}

static void destroy(const sluice_filter *filter, void *self) {
  (void)filter;
  free(self);
}

/* ---- A session: one log, a socket, and the file that says which record is next ---- */

typedef struct {
  const instance *filter;
  const sluice_acknowledger *acknowledger;
  char log[65], host[256];
  int socket, state;
  uint64_t next, kept;
} session;

/* Gives up after five seconds where a receiver's queue stays full. */
static int connect_socket(const instance *filter) {
  int made = socket(filter->address.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  struct timeval patience = {.tv_sec = 5};
  if (made >= 0 && setsockopt(made, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience) == 0 &&
      connect(made, (const struct sockaddr *)&filter->address, filter->address_length) == 0)
    return made;
  if (made >= 0) close(made);
  return -1;
}

static void close_session(void *self) {
  session *s = self;
  if (s->socket >= 0) close(s->socket);
  if (s->state >= 0) close(s->state);
  free(s);
}

static sluice_status open_session(void *self, sluice_bytes log, const sluice_acknowledger *acknowledger, void **opened,
                                  sluice_error *error) {
  session *s = calloc(1, sizeof *s);
  if (s == NULL) return fail(error, SLUICE_ERROR_LIMIT, "out of memory", "");
  s->filter = self, s->acknowledger = acknowledger, s->socket = -1;
  for (uint64_t i = 0; i < log.length && i < sizeof s->log - 1; i++) {
    uint8_t letter = log.data[i];
    int is_plain = (letter >= '0' && letter <= '9') || ((letter | 32) >= 'a' && (letter | 32) <= 'z');
    s->log[i] = is_plain ? (char)letter : '_';
  }
  if (gethostname(s->host, sizeof s->host - 1) != 0 || s->host[0] == 0) strcpy(s->host, "-");
  char path[LONGEST_TEXT + 80], text[24] = "";
  snprintf(path, sizeof path, "%s/%s.next", s->filter->state, s->log);
  s->state = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (s->state < 0 || pread(s->state, text, sizeof text - 1, 0) < 0) {
    close_session(s);
    return fail(error, SLUICE_ERROR_UNAVAILABLE, "the file that says which record is next can't be opened or read", "");
  }
  s->next = s->kept = strtoull(text, NULL, 10);
  *opened = s;
  return SLUICE_OK;
}

static sluice_status recover(void *self, uint64_t *next, sluice_error *error) {
  session *s = self;
  if (s->socket < 0) s->socket = connect_socket(s->filter);
  if (s->socket < 0) return fail(error, SLUICE_ERROR_UNAVAILABLE, "nobody takes messages at the address", "");
  *next = s->next;
  return SLUICE_OK;
}

/* How many bytes of the rest fit into a message, without cutting a character. */
static uint64_t part_of(const uint8_t *bytes, uint64_t length) {
  if (length <= LONGEST_PART) return length;
  uint64_t part = LONGEST_PART;
  while (part > LONGEST_PART - 4 && (bytes[part] & 0xC0) == 0x80) part--;
  return part;
}

static int send_part(session *s, const sluice_record *record, unsigned part, unsigned parts, const uint8_t *bytes,
                     uint64_t length) {
  char head[640], stamp[32];
  struct timespec now;
  struct tm utc;
  clock_gettime(CLOCK_REALTIME, &now);
  gmtime_r(&now.tv_sec, &utc);
  strftime(stamp, sizeof stamp, "%Y-%m-%dT%H:%M:%S", &utc);
  /* RFC 5424 section 6; the text begins with a byte order mark, which says that it is UTF-8. */
  int size = snprintf(head, sizeof head,
                      "<%d>1 %s.%06ldZ %.255s sluice %d record [sluice@%d log=\"%s\" sequence=\"%llu\" part=\"%u\" parts=\"%u\"] \xEF\xBB\xBF",
                      PRIORITY, stamp, now.tv_nsec / 1000, s->host, (int)getpid(), ENTERPRISE, s->log,
                      (unsigned long long)record->sequence, part, parts);
  struct iovec pieces[] = {{head, (size_t)size}, {(void *)bytes, length}};
  struct msghdr message = {.msg_iov = pieces, .msg_iovlen = 2};
  ssize_t sent;
  do sent = sendmsg(s->socket, &message, MSG_NOSIGNAL);
  while (sent < 0 && errno == EINTR);
  return sent >= 0;
}

static int send_record(session *s, const sluice_record *record) {
  unsigned parts = 0, part = 0;
  for (uint64_t at = 0; at < record->json.length; parts++) at += part_of(record->json.data + at, record->json.length - at);
  for (uint64_t at = 0; at < record->json.length;) {
    uint64_t length = part_of(record->json.data + at, record->json.length - at);
    if (!send_part(s, record, ++part, parts, record->json.data + at, length)) return 0;
    at += length;
  }
  return 1;
}

static sluice_status append(void *self, sluice_array records, sluice_append_result *result, sluice_error *error) {
  session *s = self;
  for (uint64_t i = 0; i < records.count; i++) {
    const sluice_record *record = (const void *)((const uint8_t *)records.first + i * records.stride);
    if (record->sequence != s->next) return fail(error, SLUICE_ERROR_INPUT, "records have to follow one another", "");
    if (s->socket < 0 || !send_record(s, record)) {
      /* The receiver went away, or its queue is full: `recover` connects again. */
      if (s->socket >= 0) close(s->socket), s->socket = -1;
      return i > 0 ? SLUICE_OK : fail(error, SLUICE_ERROR_UNAVAILABLE, "a message can't be sent", "");
    }
    s->next++;
    result->accepted++;
  }
  return SLUICE_OK;
}

static sluice_status flush(void *self, sluice_error *error) {
  session *s = self;
  if (s->next == 0) return SLUICE_OK;
  if (s->next != s->kept) {
    char text[24];
    int length = snprintf(text, sizeof text, "%020llu\n", (unsigned long long)s->next);
    if (pwrite(s->state, text, (size_t)length, 0) != length || fdatasync(s->state) != 0)
      return fail(error, SLUICE_ERROR_UNAVAILABLE, "the file that says which record is next can't be written", "");
    s->kept = s->next;
  }
  s->acknowledger->acknowledge(s->acknowledger->context, s->next - 1, SLUICE_LEVEL_RECEIVED);
  return SLUICE_OK;
}

static uint32_t promises(void *self) {
  (void)self;
  return SLUICE_LEVEL_RECEIVED;
}

/* Nothing is sent: a socket that can be connected is all that can be known. Over UDP that is nothing at all. */
static sluice_status probe(void *self, sluice_error *error) {
  const instance *filter = self;
  if (access(filter->state, W_OK) != 0)
    return fail(error, SLUICE_ERROR_CONFIGURATION, "the folder is not there, or may not be written", "/state");
  int made = connect_socket(filter);
  if (made < 0) return fail(error, SLUICE_ERROR_UNAVAILABLE, "nobody takes messages at the address", "/address");
  close(made);
  return SLUICE_OK;
}

/* ---- The tables, and the note ---- */

static sluice_filter filter_table;
static sluice_sink sink_table;
static sluice_plugin plugin_table;

static const void *get_extension(const sluice_plugin *plugin, sluice_bytes id) {
  (void)plugin;
  sluice_bytes sink = text_of(SLUICE_SINK_ID);
  return id.length == sink.length && memcmp(id.data, sink.data, id.length) == 0 ? &sink_table : NULL;
}

SLUICE_NOTE("org.example.syslog", "sluice.sink/1")

__attribute__((visibility("default"))) const sluice_plugin *sluice_plugin_v1(const sluice_host *host) {
  if (host == NULL || host->abi_major != SLUICE_ABI_MAJOR) return NULL;
  filter_table = (sluice_filter){.size = sizeof filter_table,
                                 .name = text_of("syslog"),
                                 .summary = text_of("sends records to syslog, and can't know whether they are kept"),
                                 .schema = text_of(schema),
                                 .create = create,
                                 .destroy = destroy};
  sink_table = (sluice_sink){.size = sizeof sink_table,
                             .filter = &filter_table,
                             .promises = promises,
                             .open = open_session,
                             .recover = recover,
                             .append = append,
                             .flush = flush,
                             .close = close_session,
                             .probe = probe};
  plugin_table = (sluice_plugin){.size = sizeof plugin_table,
                                 .abi_major = SLUICE_ABI_MAJOR,
                                 .abi_minor = SLUICE_ABI_MINOR,
                                 .id = text_of("org.example.syslog"),
                                 .version = text_of("1.0.0"),
                                 .get_extension = get_extension};
  return &plugin_table;
}
