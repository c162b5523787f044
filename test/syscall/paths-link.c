// Paths that link cannot walk.
#include "paths.h"
int main(void) {
  PATHS(syscall(SYS_link, path, "new"));
  PATHS(syscall(SYS_link, "f", path));
}
