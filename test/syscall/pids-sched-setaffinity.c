// sched_setaffinity: processes of every kind, and none.
#include "pids.h"
int main(void) {
  long m = 1, none = 0;
  PIDS(syscall(SYS_sched_setaffinity, pid, 8L, &m));
  PIDS(syscall(SYS_sched_setaffinity, pid, 8L, &none));
}
