// Paths that statx cannot walk.
#include "paths.h"
int main(void) {
  struct statx s;
  PATHS(syscall(SYS_statx, AT_FDCWD, path, 0, STATX_ALL, &s));
  PATHS(syscall(SYS_statx, 99, path, 0, STATX_ALL, &s));
}
