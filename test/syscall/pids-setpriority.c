// Processes of every kind, and none, for setpriority.
#include "pids.h"
#include <sys/resource.h>
int main(void) {
  PIDS(syscall(SYS_setpriority, PRIO_PROCESS, pid, 1));
  PIDS(syscall(SYS_setpriority, PRIO_PROCESS, pid, 0));
  PIDS(syscall(SYS_setpriority, 9, pid, 0));
}
