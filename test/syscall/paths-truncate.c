// truncate: paths that cannot be walked.
#include "paths.h"
int main(void) {
  PATHS(syscall(SYS_truncate, path, 2L));
}
