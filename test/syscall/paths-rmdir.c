// rmdir: paths that cannot be walked.
#include "paths.h"
int main(void) {
  PATHS(syscall(SYS_rmdir, path));
  PATHS(syscall(SYS_rmdir, "d"));
}
