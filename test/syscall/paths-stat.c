// Paths that stat cannot walk.
#include "paths.h"
int main(void) {
  struct stat s;
  PATHS(syscall(SYS_stat, path, &s));
}
