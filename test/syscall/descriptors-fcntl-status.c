// On fcntl: flags of descriptors of every kind, a command that does not exist.
#include "descriptors.h"
int main(void) {
  DESCRIPTORS(syscall(SYS_fcntl, fd, F_GETFL));
  DESCRIPTORS(syscall(SYS_fcntl, fd, F_SETFL, O_NONBLOCK));
  DESCRIPTORS(syscall(SYS_fcntl, fd, F_GETFD));
  DESCRIPTORS(syscall(SYS_fcntl, fd, 9999));
}
