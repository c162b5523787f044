// Paths that lstat cannot walk.
#include "paths.h"
int main(void) {
  struct stat s;
  PATHS(syscall(SYS_lstat, path, &s));
}
