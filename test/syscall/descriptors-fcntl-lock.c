// On fcntl: record locks on descriptors of every kind.
#include "descriptors.h"
int main(void) {
  struct flock l = {.l_type = F_WRLCK};
  DESCRIPTORS(syscall(SYS_fcntl, fd, F_SETLK, &l));
  DESCRIPTORS(syscall(SYS_fcntl, fd, F_GETLK, 8L));
}
