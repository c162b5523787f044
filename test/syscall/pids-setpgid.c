// Processes of every kind, and none, for setpgid.
#include "pids.h"
int main(void) {
  PIDS(syscall(SYS_setpgid, pid, -1));
  PIDS(pid == getpid() || pid == 0 ? -2 : syscall(SYS_setpgid, pid, 4000000));
}
