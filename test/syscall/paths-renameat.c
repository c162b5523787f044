// Paths that renameat cannot walk.
#include "paths.h"
int main(void) {
  PATHS(syscall(SYS_renameat, AT_FDCWD, path, AT_FDCWD, "new"));
  PATHS(syscall(SYS_renameat, 99, path, 98, "new"));
}
