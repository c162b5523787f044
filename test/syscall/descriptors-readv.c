// Descriptors of every kind for readv.
#include "descriptors.h"
int main(void) {
  char b[8];
  struct iovec v = {b, sizeof b};
  DESCRIPTORS(syscall(SYS_readv, fd, &v, 1L));
  DESCRIPTORS(syscall(SYS_readv, fd, &v, -1L));
  DESCRIPTORS(syscall(SYS_readv, fd, &v, 1025L));
}
