/* kept_authenticate.c: `authenticate: kept-authenticate`, an authenticate filter in plain C.
 *
 * authenticate.h says what is asked of it. A filter may be called from several threads at once; a session is used by one at
 * a time. What it allocates, it frees; what it is given, it may look at until the call returns. */
#define _GNU_SOURCE
#include <sluice/sluice.h>

#include <stdlib.h>
#include <string.h>

static sluice_bytes text_of(const char *text) { return (sluice_bytes){(const uint8_t *)text, strlen(text)}; }

/* Says why a call fails. Never text of the exchange: the host shows and logs it. */
static sluice_status fail(sluice_error *error, sluice_status status, const char *message) {
  if (error != NULL && error->message != NULL) {
    uint64_t length = strlen(message);
    if (length > error->message_capacity) length = error->message_capacity;
    memcpy(error->message, message, length);
    error->message_length = length;
    error->flags = 0;
  }
  return status;
}

/* ---- An instance: one configuration, shared between threads ---- */

static const char schema[] =
    "{\"type\":\"object\",\"required\":[\"token\"],\"additionalProperties\":false,"
    "\"properties\":{\"token\":{\"type\":\"string\",\"minLength\":16,\"maxLength\":256,"
    "\"pattern\":\"^[A-Za-z0-9._/-]*$\"}}}";

typedef struct {
  char token[257];
} instance;

/* The host gives canonical JSON (RFC 8785), checked against the schema above; which leaves one form. */
static sluice_status create(const sluice_filter *filter, const sluice_host *host, sluice_bytes configuration,
                            void **created, sluice_error *error) {
  (void)filter, (void)host;
  static const char begin[] = "{\"token\":\"", end[] = "\"}";
  uint64_t around = sizeof begin - 1 + sizeof end - 1;
  if (configuration.length < around + 16 || configuration.length > around + 256 ||
      memcmp(configuration.data, begin, sizeof begin - 1) != 0) {
    return fail(error, SLUICE_ERROR_CONFIGURATION, "'token' is a text of 16 to 256 characters");
  }
  instance *made = calloc(1, sizeof *made);
  if (made == NULL) return fail(error, SLUICE_ERROR_LIMIT, "out of memory");
  memcpy(made->token, configuration.data + sizeof begin - 1, configuration.length - around);
  *created = made;
  return SLUICE_OK;
}

static void destroy(const sluice_filter *filter, void *self) {
  (void)filter;
  free(self);
}

/* ---- Who is asking: whoever has the token. One for all is for trying out; look people up instead. ---- */

static int is_named(sluice_bytes name, const char *wanted) {
  if (name.length != strlen(wanted)) return 0;
  for (uint64_t i = 0; i < name.length; i++) {
    uint8_t letter = name.data[i] >= 'A' && name.data[i] <= 'Z' ? name.data[i] | 32 : name.data[i];
    if (letter != (uint8_t)wanted[i]) return 0;
  }
  return 1;
}

/* Takes as long wherever they differ: time must not tell how much of a guess is right. */
static int is_token(sluice_bytes given, const char *token) {
  uint64_t length = strlen(token);
  uint8_t differences = given.length != length;
  for (uint64_t i = 0; i < given.length; i++) differences |= given.data[i] ^ (uint8_t)token[i % length];
  return differences == 0;
}

static sluice_status authenticate(void *self, const sluice_head *head, const sluice_authenticate_emitter *emitter,
                                  sluice_error *error) {
  const instance *filter = self;
  sluice_principal principal = {.size = sizeof principal,
                                .subject = text_of("kept-authenticate"),
                                .established = text_of("kept-authenticate"),
                                .credential = text_of("token")}; /* an id of it, never the token */
  /* Without a credential of this kind the next authenticate stage is asked. */
  sluice_authentication answer = {.size = sizeof answer,
                                  .verdict = SLUICE_AUTHENTICATE_CHALLENGE,
                                  .challenge = text_of("Bearer realm=\"kept-authenticate\"")};
  for (uint64_t i = 0; i < head->headers.count; i++) {
    const sluice_header *header = (const void *)((const uint8_t *)head->headers.first + i * head->headers.stride);
    if (!is_named(header->name, "authorization") || header->value.length < 7) continue;
    if (!is_named((sluice_bytes){header->value.data, 7}, "bearer ")) continue;
    if (is_token((sluice_bytes){header->value.data + 7, header->value.length - 7}, filter->token)) {
      answer = (sluice_authentication){
          .size = sizeof answer, .verdict = SLUICE_AUTHENTICATE_ALLOW, .principal = &principal};
    } else {
      answer = (sluice_authentication){
          .size = sizeof answer, .verdict = SLUICE_AUTHENTICATE_DENY, .reason = text_of("unknown-token")};
    }
    break;
  }
  return emitter->emit(emitter->context, &answer) == SLUICE_OK
             ? SLUICE_OK
             : fail(error, SLUICE_ERROR_INTERNAL, "the host refused an answer");
}

/* ---- The tables ---- */

static sluice_filter filter_table;
static sluice_authenticate authenticate_table;

static void fill_tables(void) {
  filter_table = (sluice_filter){.size = sizeof filter_table,
                                 .name = text_of("kept-authenticate"),
                                 .summary = text_of("lets in whoever has the token"),
                                 .schema = text_of(schema),
                                 .create = create,
                                 .destroy = destroy};
  authenticate_table = (sluice_authenticate){
      .size = sizeof authenticate_table, .filter = &filter_table, .authenticate = authenticate};
}

/* ---- What the host asks for ---- */

static const void *get_extension(const sluice_plugin *plugin, sluice_bytes id) {
  (void)plugin;
  sluice_bytes wanted = text_of("sluice.authenticate/1");
  return id.length == wanted.length && memcmp(id.data, wanted.data, id.length) == 0 ? &authenticate_table : NULL;
}

/* What the file says of itself before anything of it runs. */
SLUICE_NOTE("org.example.kept-authenticate", "sluice.authenticate/1")

/* The one symbol that it exports. */
__attribute__((visibility("default"))) const sluice_plugin *sluice_plugin_v1(const sluice_host *host) {
  static sluice_plugin plugin;
  if (host == NULL || host->abi_major != SLUICE_ABI_MAJOR) return NULL;
  fill_tables();
  plugin = (sluice_plugin){.size = sizeof plugin,
                           .abi_major = SLUICE_ABI_MAJOR,
                           .abi_minor = SLUICE_ABI_MINOR,
                           .id = text_of("org.example.kept-authenticate"),
                           .version = text_of("0.1.0"),
                           .get_extension = get_extension};
  return &plugin;
}
