// Descriptors of every kind for tee.
#include "descriptors.h"
int main(void) {
  int p[2];
  pipe2(p, O_NONBLOCK);
  write(p[1], "12345678", 8);
  DESCRIPTORS(syscall(SYS_tee, fd, p[1], 4L, 2));
  DESCRIPTORS(syscall(SYS_tee, p[0], fd, 4L, 2));
}
