// Paths that statfs cannot walk.
#include "paths.h"
#include <sys/statfs.h>
int main(void) {
  struct statfs s;
  PATHS(syscall(SYS_statfs, path, &s));
}
