// Descriptors of every kind for splice.
#include "descriptors.h"
int main(void) {
  int p[2];
  pipe2(p, O_NONBLOCK);
  DESCRIPTORS(syscall(SYS_splice, fd, 0L, p[1], 0L, 4L, 2));
  DESCRIPTORS(syscall(SYS_splice, p[0], 0L, fd, 0L, 4L, 2));
}
