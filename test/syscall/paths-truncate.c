// Paths that truncate cannot walk.
#include "paths.h"
int main(void) {
  PATHS(syscall(SYS_truncate, path, 2L));
}
