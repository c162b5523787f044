// Processes of every kind, and none, for getsid.
#include "pids.h"
int main(void) {
  PIDS(syscall(SYS_getsid, pid) > 0 ? 1 : -1);
}
