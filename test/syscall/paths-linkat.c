// Paths that linkat cannot walk.
#include "paths.h"
int main(void) {
  PATHS(syscall(SYS_linkat, AT_FDCWD, path, AT_FDCWD, "new", AT_SYMLINK_FOLLOW));
  PATHS(syscall(SYS_linkat, 99, path, 98, "new", 0));
}
