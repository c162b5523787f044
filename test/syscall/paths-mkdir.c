// mkdir: paths that cannot be walked.
#include "paths.h"
int main(void) {
  PATHS(syscall(SYS_mkdir, path, 0755));
}
