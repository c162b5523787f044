// Paths that mknodat cannot walk.
#include "paths.h"
int main(void) {
  PATHS(syscall(SYS_mknodat, AT_FDCWD, path, S_IFREG | 0600, 0));
  PATHS(syscall(SYS_mknodat, 99, path, S_IFIFO | 0600, 0));
}
