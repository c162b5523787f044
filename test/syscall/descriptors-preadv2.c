// preadv2: descriptors of every kind.
#include "descriptors.h"
int main(void) {
  char b[8];
  struct iovec v = {b, sizeof b};
  DESCRIPTORS(syscall(SYS_preadv2, fd, &v, 1L, -1L, 0L, 0));
  DESCRIPTORS(syscall(SYS_preadv2, fd, &v, 1L, 0L, 0L, 0x4000));
}
