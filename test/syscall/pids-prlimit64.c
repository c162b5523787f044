// prlimit64: processes of every kind, and none.
#include "pids.h"
// (a container's root may lack CAP_SYS_RESOURCE)
int main(void) {
  struct rlimit l, zero = {0, 0};
  PIDS(kind == 6 && !other ? -2 : syscall(SYS_prlimit64, pid, RLIMIT_NOFILE, 0L, &l));
  PIDS(kind == 6 && !other ? -2 : syscall(SYS_prlimit64, pid, RLIMIT_CORE, &zero, 0L));
  PIDS(kind == 6 && !other ? -2 : syscall(SYS_prlimit64, pid, 99, 0L, &l));
}
