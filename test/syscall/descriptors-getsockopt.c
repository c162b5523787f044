// Descriptors of every kind for getsockopt.
#include "descriptors.h"
int main(void) {
  int on = 1;
  socklen_t n = 4;
  DESCRIPTORS(syscall(SYS_getsockopt, fd, SOL_SOCKET, SO_TYPE, &on, &n));
  DESCRIPTORS(syscall(SYS_getsockopt, fd, SOL_SOCKET, SO_TYPE, &on, 8L));
}
