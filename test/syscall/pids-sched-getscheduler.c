// sched_getscheduler: processes of every kind, and none.
#include "pids.h"
int main(void) {
  PIDS(syscall(SYS_sched_getscheduler, pid));
}
