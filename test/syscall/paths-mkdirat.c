// Paths that mkdirat cannot walk.
#include "paths.h"
int main(void) {
  PATHS(syscall(SYS_mkdirat, AT_FDCWD, path, 0755));
  PATHS(syscall(SYS_mkdirat, 99, path, 0755));
}
