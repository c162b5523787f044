// Paths that open cannot walk.
#include "paths.h"
int main(void) {
  PATHS(syscall(SYS_open, path, O_RDONLY));
  PATHS(syscall(SYS_open, path, O_WRONLY | O_CREAT | O_EXCL, 0644));
  PATHS(syscall(SYS_open, path, O_RDONLY | O_NOFOLLOW));
}
