// statfs: paths that cannot be walked.
#include "paths.h"
#include <sys/statfs.h>
int main(void) {
  struct statfs s;
  PATHS(syscall(SYS_statfs, path, &s));
}
