#include <sys/prctl.h>
#include <sys/resource.h>

#include "CLinux.h"

int sluice_hide_memory(void) {
  struct rlimit none = {0, 0};
  return setrlimit(RLIMIT_CORE, &none) || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) ? -1 : 0;
}
