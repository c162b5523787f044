// Paths that creat cannot walk.
#include "paths.h"
int main(void) {
  PATHS(syscall(SYS_creat, path, 0600));
}
