// Paths that faccessat cannot walk.
#include "paths.h"
int main(void) {
  PATHS(syscall(SYS_faccessat, AT_FDCWD, path, R_OK));
  PATHS(syscall(SYS_faccessat, 99, path, F_OK));
}
