// wait4: processes of every kind, and none.
#include "pids.h"
int main(void) {
  PIDS(syscall(SYS_wait4, pid == -1 || pid == 0 ? 4000000 : pid, 0L, WNOHANG, 0L) > 0 ? 1 : errno ? -1 : 0);
  PIDS(syscall(SYS_wait4, pid, 0L, 0x7777, 0L));
}
