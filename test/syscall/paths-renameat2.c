// renameat2: paths that cannot be walked.
#include "paths.h"
int main(void) {
  PATHS(syscall(SYS_renameat2, AT_FDCWD, path, AT_FDCWD, "new", RENAME_NOREPLACE));
  PATHS((close(file_with("f", "")), syscall(SYS_renameat2, AT_FDCWD, "f", AT_FDCWD, path, RENAME_NOREPLACE)));
}
