// Paths that fchownat cannot walk.
#include "paths.h"
int main(void) {
  PATHS(syscall(SYS_fchownat, AT_FDCWD, path, 1, 1, 0));
  PATHS(syscall(SYS_fchownat, AT_FDCWD, path, 1, 1, AT_SYMLINK_NOFOLLOW));
  PATHS(syscall(SYS_fchownat, 99, path, 1, 1, 0));
}
