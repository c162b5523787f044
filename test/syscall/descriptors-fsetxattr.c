// Descriptors of every kind for fsetxattr.
#include "descriptors.h"
int main(void) {
  DESCRIPTORS(syscall(SYS_fsetxattr, fd, "user.a", "v", 1L, 0));
}
