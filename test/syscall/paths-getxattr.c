// Paths that getxattr cannot walk.
#include "paths.h"
int main(void) {
  char b[9];
  PATHS(syscall(SYS_getxattr, path, "user.a", b, 9L));
}
