// Paths that unlinkat cannot walk.
#include "paths.h"
int main(void) {
  PATHS(syscall(SYS_unlinkat, AT_FDCWD, path, 0));
  PATHS(syscall(SYS_unlinkat, AT_FDCWD, path, AT_REMOVEDIR));
  PATHS(syscall(SYS_unlinkat, 99, path, 0));
}
