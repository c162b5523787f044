// On ioctl: non-blocking, close on exec, and terminals, of descriptors of every kind.
#include "descriptors.h"
int main(void) {
  int n = 1;
  char b[100];
  DESCRIPTORS(syscall(SYS_ioctl, fd, FIONBIO, &n));
  DESCRIPTORS(syscall(SYS_ioctl, fd, FIOCLEX));
  DESCRIPTORS(syscall(SYS_ioctl, fd, TCGETS, b));
}
