// Processes of every kind, and none, for getpriority.
#include "pids.h"
#include <sys/resource.h>
int main(void) {
  PIDS(syscall(SYS_getpriority, PRIO_PROCESS, pid));
  PIDS(syscall(SYS_getpriority, 3, pid));
}
