// Paths that mknod cannot walk.
#include "paths.h"
int main(void) {
  PATHS(syscall(SYS_mknod, path, S_IFIFO | 0600, 0));
}
