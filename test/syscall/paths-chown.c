// chown: paths that cannot be walked.
#include "paths.h"
int main(void) {
  PATHS(syscall(SYS_chown, path, 1, 1));
}
