// Paths that execve cannot walk.
#include "paths.h"
int main(void) {
  char *argv[] = {"x", 0};
  PATHS(syscall(SYS_execve, path, argv, argv));
}
