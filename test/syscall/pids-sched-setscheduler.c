// sched_setscheduler: processes of every kind, and none.
#include "pids.h"
int main(void) {
  struct sched_param p = {0};
  PIDS(syscall(SYS_sched_setscheduler, pid, SCHED_OTHER, &p));
  PIDS(syscall(SYS_sched_setscheduler, pid, 99, &p));
  PIDS(syscall(SYS_sched_setscheduler, pid, SCHED_BATCH, 0L));
}
