#ifndef SLUICE_CCURL_SHIM_H
#define SLUICE_CCURL_SHIM_H
#include <curl/curl.h>

/* curl_easy_setopt and curl_easy_getinfo take a variable argument, which Swift can't pass: one function for each
 * type of it. */

typedef size_t (*sluice_curl_receiver)(char *bytes, size_t size, size_t count, void *context);

static inline CURLcode sluice_curl_set_long(CURL *curl, CURLoption option, long value) {
  return (curl_easy_setopt)(curl, option, value);
}

static inline CURLcode sluice_curl_set_offset(CURL *curl, CURLoption option, curl_off_t value) {
  return (curl_easy_setopt)(curl, option, value);
}

/* Copied by curl. */
static inline CURLcode sluice_curl_set_text(CURL *curl, CURLoption option, const char *value) {
  return (curl_easy_setopt)(curl, option, value);
}

/* Kept by curl as it is. */
static inline CURLcode sluice_curl_set_pointer(CURL *curl, CURLoption option, const void *value) {
  return (curl_easy_setopt)(curl, option, value);
}

static inline CURLcode sluice_curl_set_receiver(CURL *curl, CURLoption option, sluice_curl_receiver value) {
  return (curl_easy_setopt)(curl, option, value);
}

static inline CURLcode sluice_curl_status(CURL *curl, long *status) {
  return (curl_easy_getinfo)(curl, CURLINFO_RESPONSE_CODE, status);
}
#endif
