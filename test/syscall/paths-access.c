// Paths that access cannot walk.
#include "paths.h"
int main(void) {
  PATHS(syscall(SYS_access, path, R_OK));
}
