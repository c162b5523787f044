// Paths that fchmodat cannot walk.
#include "paths.h"
int main(void) {
  PATHS(syscall(SYS_fchmodat, AT_FDCWD, path, 0600));
  PATHS(syscall(SYS_fchmodat, 99, path, 0600));
}
