// Paths that chdir cannot walk.
#include "paths.h"
int main(void) {
  PATHS(syscall(SYS_chdir, path));
}
