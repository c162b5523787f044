// Paths that listxattr cannot walk.
#include "paths.h"
int main(void) {
  char b[9];
  PATHS(syscall(SYS_listxattr, path, b, 9L));
}
