// Paths that chown cannot walk.
#include "paths.h"
int main(void) {
  PATHS(syscall(SYS_chown, path, 1, 1));
}
