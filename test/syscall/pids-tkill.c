// Processes of every kind, and none, for tkill.
#include "pids.h"
int main(void) {
  PIDS(syscall(SYS_tkill, pid, 0));
  PIDS(syscall(SYS_tkill, pid, -1));
}
