// Paths that rmdir cannot walk.
#include "paths.h"
int main(void) {
  PATHS(syscall(SYS_rmdir, path));
  PATHS(syscall(SYS_rmdir, "d"));
}
