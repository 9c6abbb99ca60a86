#define _GNU_SOURCE
#include "channel.h"
#include <fcntl.h>
#include <link.h>
#include <linux/landlock.h>
#include <malloc.h>
#include <sched.h>
#include <seccomp.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef LANDLOCK_ACCESS_FS_TRUNCATE
#define LANDLOCK_ACCESS_FS_TRUNCATE (1ULL << 14)
#endif
#ifndef LANDLOCK_ACCESS_FS_REFER
#define LANDLOCK_ACCESS_FS_REFER (1ULL << 13)
#endif

/* As the kernel has them since 6.7; older headers don't. */
struct ruleset { uint64_t fs, net, scoped; };
struct port_rule { uint64_t access, port; };
#define NET_BIND 1ULL
#define NET_CONNECT 2ULL
#define RULE_PORT 2

static const uint64_t all_files = (1ULL << 13) - 1;
static const uint64_t reading = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;

static int allow_path(int rules, const char *path, uint64_t access) {
  int descriptor = open(path, O_PATH | O_CLOEXEC);
  if (descriptor < 0) return -1;
  struct stat status;
  if (fstat(descriptor, &status) == 0 && !S_ISDIR(status.st_mode))
    access &= LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_TRUNCATE;
  struct landlock_path_beneath_attr rule = {.allowed_access = access, .parent_fd = descriptor};
  long done = syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
  close(descriptor);
  return done == 0 ? 0 : -1;
}

/* The folders that this program's own libraries came from: a plugin's come from there too. */
static int allow_library(struct dl_phdr_info *info, size_t size, void *context) {
  (void)size;
  char folder[4096];
  const char *slash = info->dlpi_name ? strrchr(info->dlpi_name, '/') : NULL;
  if (!slash || slash == info->dlpi_name || (size_t)(slash - info->dlpi_name) >= sizeof folder) return 0;
  memcpy(folder, info->dlpi_name, (size_t)(slash - info->dlpi_name));
  folder[slash - info->dlpi_name] = 0;
  allow_path(*(int *)context, folder, reading);
  return 0;
}

static const char *limit_files(const char *read, const char *write, const char *ports) {
  long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
  if (version < 1) return "this kernel has no Landlock, by which an isolated plugin's files are limited";
  if (*ports && version < 4) return "this kernel's Landlock limits no ports: Linux 6.7 or later is needed";
  uint64_t files = all_files | (version >= 2 ? LANDLOCK_ACCESS_FS_REFER : 0) |
                   (version >= 3 ? LANDLOCK_ACCESS_FS_TRUNCATE : 0);
  struct ruleset attributes = {files, version >= 4 ? NET_BIND | NET_CONNECT : 0, version >= 6 ? 3 : 0};
  size_t size = version >= 6 ? 24 : version >= 4 ? 16 : 8;
  int rules = (int)syscall(SYS_landlock_create_ruleset, &attributes, size, 0);
  if (rules < 0) return "the kernel makes no Landlock rules";
  dl_iterate_phdr(allow_library, &rules);
  const char *libraries[] = {"/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/etc/ld.so.cache"};
  for (size_t i = 0; i < sizeof libraries / sizeof *libraries; i++) allow_path(rules, libraries[i], reading);
  if (*ports) {
    const char *names[] = {"/etc/resolv.conf", "/etc/hosts", "/etc/nsswitch.conf", "/etc/host.conf",
                           "/etc/gai.conf", "/etc/ssl/certs", "/usr/share/ca-certificates"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) allow_path(rules, names[i], reading);
  }
  for (const char *path = read; *path; path += strlen(path) + 1)
    if (allow_path(rules, path, reading)) return "a path of 'read' is not there";
  for (const char *path = write; *path; path += strlen(path) + 1)
    if (allow_path(rules, path, files & ~(LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_MAKE_CHAR |
                                          LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_MAKE_SOCK)))
      return "a path of 'write' is not there";
  for (const char *port = ports; *port; port += strlen(port) + 1) {
    struct port_rule rule = {NET_CONNECT, strtoul(port, NULL, 10)};
    if (syscall(SYS_landlock_add_rule, rules, RULE_PORT, &rule, 0)) return "a port can't be allowed";
  }
  if (syscall(SYS_landlock_restrict_self, rules, 0)) return "the kernel does not take the Landlock rules";
  close(rules);
  return NULL;
}

static const int always[] = {
    SCMP_SYS(read), SCMP_SYS(write), SCMP_SYS(readv), SCMP_SYS(writev), SCMP_SYS(pread64), SCMP_SYS(pwrite64),
    SCMP_SYS(close), SCMP_SYS(fstat), SCMP_SYS(newfstatat), SCMP_SYS(lseek), SCMP_SYS(munmap), SCMP_SYS(mremap),
    SCMP_SYS(madvise), SCMP_SYS(brk), SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn),
    SCMP_SYS(sigaltstack), SCMP_SYS(futex), SCMP_SYS(set_robust_list), SCMP_SYS(rseq),
    SCMP_SYS(set_tid_address), SCMP_SYS(exit), SCMP_SYS(exit_group), SCMP_SYS(gettid), SCMP_SYS(getpid),
    SCMP_SYS(sched_yield), SCMP_SYS(sched_getaffinity), SCMP_SYS(nanosleep), SCMP_SYS(clock_nanosleep),
    SCMP_SYS(clock_gettime), SCMP_SYS(clock_getres), SCMP_SYS(gettimeofday), SCMP_SYS(time),
    SCMP_SYS(getrandom), SCMP_SYS(getrlimit), SCMP_SYS(uname), SCMP_SYS(sysinfo), SCMP_SYS(getcpu),
    SCMP_SYS(poll), SCMP_SYS(ppoll), SCMP_SYS(epoll_create1), SCMP_SYS(epoll_ctl), SCMP_SYS(epoll_wait),
    SCMP_SYS(epoll_pwait), SCMP_SYS(eventfd2), SCMP_SYS(pipe2), SCMP_SYS(fcntl), SCMP_SYS(membarrier),
    SCMP_SYS(restart_syscall), SCMP_SYS(getuid), SCMP_SYS(geteuid), SCMP_SYS(getgid), SCMP_SYS(getegid),
    SCMP_SYS(dup), SCMP_SYS(access), SCMP_SYS(readlink), SCMP_SYS(getcwd), SCMP_SYS(select), SCMP_SYS(pselect6),
};
static const int for_files[] = {
    SCMP_SYS(open), SCMP_SYS(openat), SCMP_SYS(getdents64), SCMP_SYS(statx), SCMP_SYS(stat), SCMP_SYS(lstat),
    SCMP_SYS(fsync), SCMP_SYS(fdatasync), SCMP_SYS(ftruncate), SCMP_SYS(fallocate), SCMP_SYS(flock),
    SCMP_SYS(mkdir), SCMP_SYS(mkdirat), SCMP_SYS(rename), SCMP_SYS(renameat), SCMP_SYS(renameat2),
    SCMP_SYS(unlink), SCMP_SYS(unlinkat), SCMP_SYS(fchmod), SCMP_SYS(readlinkat), SCMP_SYS(faccessat),
    SCMP_SYS(faccessat2), SCMP_SYS(utimensat), SCMP_SYS(statfs), SCMP_SYS(fstatfs),
};
static const int for_network[] = {
    SCMP_SYS(connect), SCMP_SYS(sendto), SCMP_SYS(recvfrom), SCMP_SYS(sendmsg), SCMP_SYS(recvmsg),
    SCMP_SYS(sendmmsg), SCMP_SYS(recvmmsg), SCMP_SYS(getsockopt), SCMP_SYS(setsockopt), SCMP_SYS(getsockname),
    SCMP_SYS(getpeername), SCMP_SYS(shutdown), SCMP_SYS(open), SCMP_SYS(openat), SCMP_SYS(statx),
};

static int allow_all(scmp_filter_ctx filter, const int *calls, size_t count) {
  int failed = 0;
  for (size_t i = 0; i < count; i++) failed |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i], 0);
  return failed;
}
#define ALLOW_ALL(filter, calls) allow_all(filter, calls, sizeof calls / sizeof *calls)

/* What is not allowed fails with EPERM. Files are Landlock's business; which calls there are at all is decided
 * here. */
static const char *limit_calls(int is_loading, int has_files, int has_network) {
  scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(1));
  if (!filter) return "no seccomp filter can be made";
  int failed = ALLOW_ALL(filter, always);
  failed |= seccomp_rule_add(filter, SCMP_ACT_ERRNO(38), SCMP_SYS(clone3), 0); /* glibc goes on with clone */
  failed |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
                             SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD));
  failed |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1,
                             SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid()));
  failed |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prctl), 1, SCMP_A0(SCMP_CMP_EQ, PR_SET_NAME));
  failed |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), 1, SCMP_A2(SCMP_CMP_EQ, 0));
  if (is_loading) {
    /* The second filter is installed through these. */
    failed |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prctl), 1, SCMP_A0(SCMP_CMP_EQ, PR_SET_SECCOMP));
    failed |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prctl), 1,
                               SCMP_A0(SCMP_CMP_EQ, PR_SET_NO_NEW_PRIVS));
    failed |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(seccomp), 0);
    failed |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 0);
    failed |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 0);
    failed |= ALLOW_ALL(filter, for_files);
  } else {
    failed |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1,
                               SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
    failed |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1,
                               SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
    if (has_files) failed |= ALLOW_ALL(filter, for_files);
  }
  if (has_network) {
    if (!has_files && !is_loading) failed |= ALLOW_ALL(filter, for_network);
    if (has_files || is_loading) failed |= allow_all(filter, for_network, sizeof for_network / sizeof *for_network - 3);
    failed |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(socket), 1, SCMP_A0(SCMP_CMP_EQ, AF_INET));
    failed |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(socket), 1, SCMP_A0(SCMP_CMP_EQ, AF_INET6));
  }
  failed |= seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1);
  if (!failed) failed = seccomp_load(filter);
  seccomp_release(filter);
  return failed ? "the seccomp filter can't be installed" : NULL;
}

static int limit(int resource, rlim_t value) {
  struct rlimit both = {value, value};
  return setrlimit(resource, &both);
}

const char *sandbox_enter(const char *read, const char *write, const char *ports, uint64_t memory) {
  mallopt(M_ARENA_MAX, 4);
  unsigned long pages = 0;
  FILE *file = fopen("/proc/self/statm", "re");
  int is_read = file && fscanf(file, "%lu", &pages) == 1;
  if (file) fclose(file);
  /* The stacks of the threads that serve, and the arenas of malloc, are the host's doing. */
  rlim_t own = (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE) + ((rlim_t)384 << 20);
  if (!is_read || limit(RLIMIT_AS, own + memory) || limit(RLIMIT_CORE, 0) || limit(RLIMIT_NOFILE, 128))
    return "the resource limits can't be set";
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)) return "new privileges can't be given up";
  const char *problem = limit_files(read, write, ports);
  return problem ? problem : limit_calls(1, 1, *ports != 0);
}

const char *sandbox_close(int has_files, int has_network) { return limit_calls(0, has_files, has_network); }
