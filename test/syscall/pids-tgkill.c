// Processes of every kind, and none, for tgkill.
#include "pids.h"
int main(void) {
  PIDS(syscall(SYS_tgkill, pid, pid, 0));
  PIDS(syscall(SYS_tgkill, getpid(), pid, 0));
  PIDS(syscall(SYS_tgkill, pid, pid, 99));
}
