// Processes of every kind, and none, for getpgid.
#include "pids.h"
int main(void) {
  PIDS(syscall(SYS_getpgid, pid) > 0 ? 1 : -1);
}
