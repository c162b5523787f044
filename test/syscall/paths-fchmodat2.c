// fchmodat2: paths that cannot be walked.
#include "paths.h"
#ifndef SYS_fchmodat2
#define SYS_fchmodat2 452
#endif
int main(void) {
  PATHS(syscall(SYS_fchmodat2, AT_FDCWD, path, 0600, AT_SYMLINK_NOFOLLOW));
  PATHS(syscall(SYS_fchmodat2, 99, path, 0600, 0));
}
