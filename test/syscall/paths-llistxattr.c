// Paths that llistxattr cannot walk.
#include "paths.h"
int main(void) {
  char b[9];
  PATHS(syscall(SYS_llistxattr, path, b, 9L));
}
