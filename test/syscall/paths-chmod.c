// Paths that chmod cannot walk.
#include "paths.h"
int main(void) {
  PATHS(syscall(SYS_chmod, path, 0600));
}
