// sched_rr_get_interval: processes of every kind, and none.
#include "pids.h"
int main(void) {
  struct timespec t;
  PIDS(syscall(SYS_sched_rr_get_interval, pid, &t));
}
