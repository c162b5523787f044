// Processes of every kind, and none, for kill.
#include "pids.h"
int main(void) {
  PIDS(pid <= 0 ? -2 : syscall(SYS_kill, pid, 0));
  PIDS(pid <= 0 ? -2 : syscall(SYS_kill, pid, 65));
}
