// Many concurrent streams of events: an upstream that sends them on time, and a client that sees how late they come.
// Usage: streams upstream PORT | streams client PORT PATH KEY STREAMS SECONDS
// One event every 20 ms and stream. The time at which an event was due is in its `id`, in letters.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { PERIOD = 20000, MAX = 70000 };
static int64_t now(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec * 1000000LL + t.tv_nsec / 1000; }
static void letters(char *out, int64_t v) { for (int i = 11; i >= 0; i--, v >>= 4) out[i] = 'a' + (v & 15); }
static int64_t number(const char *in) { int64_t v = 0; for (int i = 0; i < 12; i++) v = v << 4 | (in[i] - 'a'); return v; }
static void limits(void) { struct rlimit r; getrlimit(RLIMIT_NOFILE, &r); r.rlim_cur = r.rlim_max; setrlimit(RLIMIT_NOFILE, &r); signal(SIGPIPE, SIG_IGN); }

static const char *WORDS[] = {" patient", " reports", " mild", " symptoms", " and", " the", " plan", " is", " to", " continue", " treatment", " today."};

static struct { int on, got, left, phase; int64_t due; int count; } up[MAX];

static int event(char *chunk, int64_t due, const char *word) {
  char json[300], id[13] = {0};
  letters(id, due);
  int n = snprintf(json, sizeof json, "data: {\"id\":\"c%s\",\"object\":\"chat.completion.chunk\",\"created\":1764000000,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"%s\"},\"finish_reason\":null}]}\n\n", id, word);
  return sprintf(chunk, "%x\r\n%s\r\n", n, json);
}

static void upstream(int port) {
  int s = socket(AF_INET, SOCK_STREAM, 0), one = 1, e = epoll_create1(0);
  setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  if (bind(s, (void *)&a, sizeof a) || listen(s, 4096)) { perror("listen"); exit(1); }
  fcntl(s, F_SETFL, O_NONBLOCK);
  struct epoll_event ev = {.events = EPOLLIN, .data.fd = s}, evs[512];
  epoll_ctl(e, EPOLL_CTL_ADD, s, &ev);
  int top = 0;
  for (;;) {
    int n = epoll_wait(e, evs, 512, 1);
    for (int i = 0; i < n; i++) {
      int fd = evs[i].data.fd;
      if (fd == s) {
        int c;
        while ((c = accept4(s, 0, 0, SOCK_NONBLOCK)) >= 0) {
          setsockopt(c, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
          memset(&up[c], 0, sizeof up[c]);
          ev = (struct epoll_event){.events = EPOLLIN, .data.fd = c};
          epoll_ctl(e, EPOLL_CTL_ADD, c, &ev);
          if (c > top) top = c;
        }
        continue;
      }
      char b[8192];
      int r = read(fd, b, sizeof b - 1);
      if (r <= 0) { if (r == 0 || errno != EAGAIN) { up[fd].on = 0; close(fd); } continue; }
      b[r] = 0;
      // The requests are small and come in one piece.
      char *end = strstr(b, "\r\n\r\n");
      if (!end || up[fd].on) continue;
      const char *head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
      if (write(fd, head, strlen(head)) < 0) continue;
      char *seconds = strstr(end, "for ");
      up[fd].on = 1;
      up[fd].left = (seconds ? atoi(seconds + 4) : 5) * 1000000 / PERIOD;
      up[fd].due = now() + rand() % PERIOD + PERIOD;
    }
    int64_t t = now();
    for (int fd = 0; fd <= top; fd++) {
      while (up[fd].on && up[fd].due <= t) {
        char out[700];
        int len = event(out, up[fd].due, WORDS[up[fd].count++ % 12]);
        if (--up[fd].left <= 0) {
          len += sprintf(out + len, "e\r\ndata: [DONE]\n\n\r\n0\r\n\r\n");
          up[fd].on = 0;
        }
        if (write(fd, out, len) < 0) up[fd].on = 0;
        up[fd].due += PERIOD;
      }
    }
  }
}

static struct { int open; char tail[64]; int held; int64_t last; } cl[MAX];
static unsigned late[2000001];

static void client(int port, const char *path, const char *key, int streams, int seconds) {
  int e = epoll_create1(0), open = 0;
  for (int i = 0; i < streams; i++) {
    int c = socket(AF_INET, SOCK_STREAM, 0), one = 1;
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (c < 0 || connect(c, (void *)&a, sizeof a)) { perror("connect"); exit(1); }
    setsockopt(c, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    char body[200], head[700];
    int n = snprintf(body, sizeof body, "{\"model\":\"m\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"for %d\"}]}", seconds);
    int h = snprintf(head, sizeof head, "POST %s HTTP/1.1\r\nhost: x\r\nauthorization: Bearer %s\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%s", path, key, n, body);
    if (write(c, head, h) != h) { perror("write"); exit(1); }
    fcntl(c, F_SETFL, O_NONBLOCK);
    struct epoll_event ev = {.events = EPOLLIN, .data.fd = c};
    epoll_ctl(e, EPOLL_CTL_ADD, c, &ev);
    cl[c].open = 1;
    open++;
    if (i % 50 == 49) usleep(20000);
  }
  int64_t stop = now() + (seconds + 20) * 1000000LL, events = 0, done = 0, failed = 0;
  struct epoll_event evs[512];
  while (open > 0 && now() < stop) {
    int n = epoll_wait(e, evs, 512, 100);
    for (int i = 0; i < n; i++) {
      int fd = evs[i].data.fd;
      static char b[65536 + 64];
      memcpy(b, cl[fd].tail, cl[fd].held);
      int r = read(fd, b + cl[fd].held, 65536);
      if (r <= 0) { if (r == 0 || errno != EAGAIN) { if (cl[fd].open) { failed++; open--; } cl[fd].open = 0; close(fd); } continue; }
      int len = cl[fd].held + r, used = 0;
      int64_t t = now();
      // What is left of a text leaves with the id of its first event: that is no event of its own time.
      for (char *p = b; (p = memmem(p, b + len - p, "\"id\":\"c", 7)); p += 7) {
        if (b + len - p < 19) break;
        int64_t d = t - number(p + 7);
        if (number(p + 7) <= cl[fd].last) { used = p + 19 - b; continue; }
        cl[fd].last = number(p + 7);
        events++;
        late[d < 0 ? 0 : d > 2000000 ? 2000000 : d]++;
        used = p + 19 - b;
      }
      if (memmem(b, len, "[DONE]", 6) && cl[fd].open) { done++; open--; cl[fd].open = 0; close(fd); continue; }
      int rest = len - used;
      if (rest > 60) rest = 60;
      memcpy(cl[fd].tail, b + len - rest, rest);
      cl[fd].held = rest;
    }
  }
  int64_t sum = 0, p50 = -1, p99 = -1, max = 0;
  for (int i = 0; i <= 2000000; i++) {
    if (!late[i]) continue;
    sum += late[i];
    if (p50 < 0 && sum * 2 >= events) p50 = i;
    if (p99 < 0 && sum * 100 >= events * 99) p99 = i;
    max = i;
  }
  printf("{\"streams\": %d, \"done\": %ld, \"failed\": %ld, \"events\": %ld, \"late_p50_us\": %ld, \"late_p99_us\": %ld, \"late_max_us\": %ld}\n", streams, (long)done, (long)failed, (long)events, (long)p50, (long)p99, (long)max);
}

int main(int argc, char **argv) {
  limits();
  if (argc == 3) upstream(atoi(argv[2]));
  if (argc == 7) { client(atoi(argv[2]), argv[3], argv[4], atoi(argv[5]), atoi(argv[6])); return 0; }
  fprintf(stderr, "usage: streams upstream PORT | streams client PORT PATH KEY STREAMS SECONDS\n");
  return 64;
}
