// Paths that unlink cannot walk.
#include "paths.h"
int main(void) {
  PATHS(syscall(SYS_unlink, path));
}
