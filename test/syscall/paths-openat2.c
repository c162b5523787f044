// openat2: paths that cannot be walked.
#include "paths.h"
#include <linux/openat2.h>
int main(void) {
  struct open_how how = {.flags = O_RDONLY};
  PATHS(syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof how));
  PATHS(syscall(SYS_openat2, 99, path, &how, sizeof how));
}
