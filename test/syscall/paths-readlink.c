// Paths that readlink cannot walk.
#include "paths.h"
int main(void) {
  char b[20];
  PATHS(syscall(SYS_readlink, path, b, 20L));
}
