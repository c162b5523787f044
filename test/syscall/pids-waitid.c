// Processes of every kind, and none, for waitid.
#include "pids.h"
int main(void) {
  PIDS(syscall(SYS_waitid, P_PID, pid, 0L, WEXITED | WNOHANG | WNOWAIT, 0L));
  PIDS(syscall(SYS_waitid, P_PID, pid, 0L, 0, 0L));
  PIDS(syscall(SYS_waitid, 77, pid, 0L, WEXITED, 0L));
}
