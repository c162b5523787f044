// execve: paths that cannot be walked.
#include "paths.h"
int main(void) {
  char *argv[] = {"x", 0};
  PATHS(syscall(SYS_execve, path, argv, argv));
}
