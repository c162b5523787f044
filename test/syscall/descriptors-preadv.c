// Descriptors of every kind for preadv.
#include "descriptors.h"
int main(void) {
  char b[8];
  struct iovec v = {b, sizeof b};
  DESCRIPTORS(syscall(SYS_preadv, fd, &v, 1L, 1L, 0L));
  DESCRIPTORS(syscall(SYS_preadv, fd, &v, 1L, -1L, 0L));
}
