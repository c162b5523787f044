// getdents64: descriptors of every kind.
#include "descriptors.h"
int main(void) {
  char b[4096];
  DESCRIPTORS(syscall(SYS_getdents64, fd, b, 10L));
  DESCRIPTORS(syscall(SYS_getdents64, fd, 8L, 4096L));
}
