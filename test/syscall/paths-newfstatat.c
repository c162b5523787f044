// Paths that newfstatat cannot walk.
#include "paths.h"
int main(void) {
  struct stat s;
  int f = open("f", O_RDONLY);
  PATHS(syscall(SYS_newfstatat, AT_FDCWD, path, &s, 0));
  PATHS(syscall(SYS_newfstatat, AT_FDCWD, path, &s, AT_SYMLINK_NOFOLLOW));
  PATHS(syscall(SYS_newfstatat, f, path, &s, 0));
}
