// Paths that symlinkat cannot walk.
#include "paths.h"
int main(void) {
  PATHS(syscall(SYS_symlinkat, "to", AT_FDCWD, path));
  PATHS(syscall(SYS_symlinkat, "to", 99, path));
}
