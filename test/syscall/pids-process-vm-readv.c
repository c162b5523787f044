// process_vm_readv: processes of every kind, and none.
#include "pids.h"
int main(void) {
  char b[4];
  struct iovec v = {b, 4};
  PIDS(syscall(SYS_process_vm_readv, pid, &v, 1L, &v, 1L, 0L));
  PIDS(syscall(SYS_process_vm_readv, pid, &v, 1L, &v, 1L, 1L));
}
