// Paths that lchown cannot walk.
#include "paths.h"
int main(void) {
  PATHS(syscall(SYS_lchown, path, 1, 1));
}
