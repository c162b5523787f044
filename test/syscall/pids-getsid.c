// Processes of every kind, and none, for getsid.
#include "pids.h"
int main(void) {
  setsid();  // a session from outside a PID namespace has no number inside
  PIDS(syscall(SYS_getsid, pid) > 0 ? 1 : -1);
}
