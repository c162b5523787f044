// On fcntl: owners of descriptors of every kind.
#include "descriptors.h"
int main(void) {
  DESCRIPTORS(syscall(SYS_fcntl, fd, F_GETOWN));
  DESCRIPTORS(syscall(SYS_fcntl, fd, F_SETOWN, 99999));
}
