// Descriptors of every kind for setsockopt.
#include "descriptors.h"
int main(void) {
  int on = 1;
  DESCRIPTORS(syscall(SYS_setsockopt, fd, SOL_SOCKET, SO_KEEPALIVE, &on, 4));
  DESCRIPTORS(syscall(SYS_setsockopt, fd, SOL_SOCKET, SO_KEEPALIVE, &on, 1));
}
