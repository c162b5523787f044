// dup, dup2, dup3: descriptors of every kind.
#include "descriptors.h"
int main(void) {
  DESCRIPTORS(close(syscall(SYS_dup, fd)));
  DESCRIPTORS(syscall(SYS_dup2, fd, fd));
  DESCRIPTORS(syscall(SYS_dup3, fd, fd, 0));
}
