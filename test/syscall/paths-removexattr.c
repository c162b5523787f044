// Paths that removexattr cannot walk.
#include "paths.h"
int main(void) {
  PATHS(syscall(SYS_removexattr, path, "user.a"));
}
