// setxattr: paths that cannot be walked.
#include "paths.h"
int main(void) {
  PATHS(syscall(SYS_setxattr, path, "user.a", "v", 1L, 0));
}
