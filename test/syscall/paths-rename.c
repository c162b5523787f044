// Paths that rename cannot walk.
#include "paths.h"
int main(void) {
  PATHS(syscall(SYS_rename, path, "new"));
  PATHS((close(file_with("f", "")), syscall(SYS_rename, "f", path)));
}
