// Descriptors of every kind for recvfrom.
#include "descriptors.h"
int main(void) {
  char b[9];
  DESCRIPTORS(syscall(SYS_recvfrom, fd, b, 9L, 0, 0L, 0L));
}
