// inotify_add_watch: paths that cannot be walked.
#include "paths.h"
int main(void) {
  int in = syscall(SYS_inotify_init1, 0);
  PATHS(syscall(SYS_inotify_add_watch, in, path, 2));
}
