// Descriptors of every kind for flistxattr.
#include "descriptors.h"
int main(void) {
  char b[9];
  DESCRIPTORS(syscall(SYS_flistxattr, fd, b, 9L));
}
