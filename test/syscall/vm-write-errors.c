// process_vm_writev: bad pointers, a negative length, flags.
#include "say.h"
int main(void) {
  char a[8] = "abcdefg", b[8] = "";
  struct iovec here = {a, 8}, there = {b, 8}, nowhere = {(void *)8, 8}, negative = {a, -5};
  SAY(syscall(SYS_process_vm_writev, getpid(), &here, 1L, &there, 1L, 0L));
  SAY(syscall(SYS_process_vm_writev, getpid(), &here, 1L, &nowhere, 1L, 0L));
  SAY(syscall(SYS_process_vm_writev, getpid(), &nowhere, 1L, &there, 1L, 0L));
  SAY(syscall(SYS_process_vm_writev, getpid(), 8L, 1L, &there, 1L, 0L));
  SAY(syscall(SYS_process_vm_writev, getpid(), &here, 1L, &there, 1L, 1L));
  SAY(syscall(SYS_process_vm_writev, getpid(), &here, 1025L, &there, 1L, 0L));
  SAY(syscall(SYS_process_vm_writev, getpid(), &negative, 1L, &there, 1L, 0L));
}
