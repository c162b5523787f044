// utimes: paths that cannot be walked.
#include "paths.h"
int main(void) {
  PATHS(syscall(SYS_utimes, path, 0));
}
