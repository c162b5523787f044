// Paths that setxattr cannot walk.
#include "paths.h"
int main(void) {
  PATHS(syscall(SYS_setxattr, path, "user.a", "v", 1L, 0));
}
