// sched_setparam: processes of every kind, and none.
#include "pids.h"
int main(void) {
  struct sched_param p = {0}, bad = {7};
  PIDS(syscall(SYS_sched_setparam, pid, &p));
  PIDS(syscall(SYS_sched_setparam, pid, &bad));
}
