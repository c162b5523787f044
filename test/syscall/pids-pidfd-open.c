// pidfd_open: processes of every kind, and none.
#include "pids.h"
int main(void) {
  PIDS(close(syscall(SYS_pidfd_open, pid, 0)));
  PIDS(syscall(SYS_pidfd_open, pid, 1));
}
