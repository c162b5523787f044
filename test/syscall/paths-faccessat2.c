// faccessat2: paths that cannot be walked.
#include "paths.h"
int main(void) {
  PATHS(syscall(SYS_faccessat2, AT_FDCWD, path, R_OK, AT_SYMLINK_NOFOLLOW));
  PATHS(syscall(SYS_faccessat2, 99, path, R_OK, AT_EACCESS));
}
