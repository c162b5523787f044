// On getpriority: of groups and users.
#include "pids.h"
int main(void) {
  PIDS(syscall(SYS_getpriority, PRIO_PGRP, pid));
  PIDS(syscall(SYS_getpriority, PRIO_USER, pid == -1 ? 77777 : 65534));
}
