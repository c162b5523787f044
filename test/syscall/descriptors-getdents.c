// Descriptors of every kind for getdents.
#include "descriptors.h"
int main(void) {
  char b[4096];
  DESCRIPTORS(syscall(SYS_getdents, fd, b, 10L));
  DESCRIPTORS(syscall(SYS_getdents, fd, 8L, 4096L));
}
