// Paths that lgetxattr cannot walk.
#include "paths.h"
int main(void) {
  char b[9];
  PATHS(syscall(SYS_lgetxattr, path, "user.a", b, 9L));
}
