// listxattr: paths that cannot be walked.
#include "paths.h"
int main(void) {
  char b[9];
  PATHS(syscall(SYS_listxattr, path, b, 9L));
}
