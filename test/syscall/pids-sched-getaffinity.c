// sched_getaffinity: processes of every kind, and none.
#include "pids.h"
int main(void) {
  long m[16];
  PIDS((syscall(SYS_sched_getaffinity, pid, 128L, m) > 0) - 1 ? -1 : 0);
  PIDS(syscall(SYS_sched_getaffinity, pid, 1L, m));
}
