// Descriptors of every kind for vmsplice.
#include "descriptors.h"
int main(void) {
  char b[8];
  struct iovec v = {b, sizeof b};
  DESCRIPTORS(syscall(SYS_vmsplice, fd, &v, 1L, 2));
}
