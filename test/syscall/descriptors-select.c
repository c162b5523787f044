// select, pselect6: which kinds are ready.
#include "descriptors.h"
static long call(int number, int fd, int writing) {
  fd_set set;
  struct timeval t = {0, 0};
  if (fd < 0) return -2;
  FD_ZERO(&set);
  FD_SET(fd, &set);
  return syscall(number, fd + 1, writing ? 0 : &set, writing ? &set : 0, 0L, &t, 0L);
}
int main(void) {
  DESCRIPTORS(call(SYS_select, fd, 0));
  DESCRIPTORS(call(SYS_pselect6, fd, 1));
}
