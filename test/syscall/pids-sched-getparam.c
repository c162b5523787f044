// sched_getparam: processes of every kind, and none.
#include "pids.h"
int main(void) {
  struct sched_param p;
  PIDS(syscall(SYS_sched_getparam, pid, &p));
  PIDS(syscall(SYS_sched_getparam, pid, 0L));
}
