// On fcntl: seals of descriptors of every kind.
#include "descriptors.h"
int main(void) {
  DESCRIPTORS(syscall(SYS_fcntl, fd, F_GET_SEALS));
  DESCRIPTORS(syscall(SYS_fcntl, fd, F_ADD_SEALS, F_SEAL_WRITE));
}
