// Descriptors of every kind for fgetxattr.
#include "descriptors.h"
int main(void) {
  char b[9];
  DESCRIPTORS(syscall(SYS_fgetxattr, fd, "user.a", b, 9L));
}
