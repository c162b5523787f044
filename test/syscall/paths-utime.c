// Paths that utime cannot walk.
#include "paths.h"
int main(void) {
  PATHS(syscall(SYS_utime, path, 0));
}
