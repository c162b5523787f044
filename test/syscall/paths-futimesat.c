// Paths that futimesat cannot walk.
#include "paths.h"
int main(void) {
  PATHS(syscall(SYS_futimesat, AT_FDCWD, path, 0));
  PATHS(syscall(SYS_futimesat, 99, path, 0));
}
