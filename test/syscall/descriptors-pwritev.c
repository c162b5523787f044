// Descriptors of every kind for pwritev.
#include "descriptors.h"
int main(void) {
  char b[8];
  struct iovec v = {b, sizeof b};
  DESCRIPTORS(syscall(SYS_pwritev, fd, &v, 1L, 1L, 0L));
  DESCRIPTORS(syscall(SYS_pwritev, fd, &v, 1L, -1L, 0L));
}
