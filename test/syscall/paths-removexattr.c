// removexattr: paths that cannot be walked.
#include "paths.h"
int main(void) {
  PATHS(syscall(SYS_removexattr, path, "user.a"));
}
