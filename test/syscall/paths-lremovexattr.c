// Paths that lremovexattr cannot walk.
#include "paths.h"
int main(void) {
  PATHS(syscall(SYS_lremovexattr, path, "user.a"));
}
