// Paths that utimensat cannot walk.
#include "paths.h"
int main(void) {
  PATHS(syscall(SYS_utimensat, AT_FDCWD, path, 0, 0));
  PATHS(syscall(SYS_utimensat, AT_FDCWD, path, 0, AT_SYMLINK_NOFOLLOW));
  PATHS(syscall(SYS_utimensat, 99, path, 0, 0));
}
