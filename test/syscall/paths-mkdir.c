// Paths that mkdir cannot walk.
#include "paths.h"
int main(void) {
  PATHS(syscall(SYS_mkdir, path, 0755));
}
