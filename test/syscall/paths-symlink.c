// Paths that symlink cannot walk.
#include "paths.h"
int main(void) {
  PATHS(syscall(SYS_symlink, "to", path));
  PATHS(syscall(SYS_symlink, path, "new"));
}
