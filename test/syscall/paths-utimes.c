// Paths that utimes cannot walk.
#include "paths.h"
int main(void) {
  PATHS(syscall(SYS_utimes, path, 0));
}
