// Paths that readlinkat cannot walk.
#include "paths.h"
int main(void) {
  char b[20];
  PATHS(syscall(SYS_readlinkat, AT_FDCWD, path, b, 20L));
  PATHS(syscall(SYS_readlinkat, 99, path, b, 20L));
}
