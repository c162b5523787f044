// Paths that lsetxattr cannot walk.
#include "paths.h"
int main(void) {
  PATHS(syscall(SYS_lsetxattr, path, "user.a", "v", 1L, 0));
}
