// Paths that openat cannot walk.
#include "paths.h"
int main(void) {
  PATHS(syscall(SYS_openat, AT_FDCWD, path, O_PATH | O_NOFOLLOW));
  PATHS(syscall(SYS_openat, AT_FDCWD, path, O_DIRECTORY));
  PATHS(syscall(SYS_openat, 99, path, 0));
}
