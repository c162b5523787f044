// CLOSE_RANGE_UNSHARE: a table of its own first.
#include "say.h"
#include <linux/close_range.h>
static int child(void *fd) {
  if (close_range((long)fd, 100, CLOSE_RANGE_UNSHARE)) return 1;
  return fcntl((long)fd, F_GETFD) != -1;
}
int main(void) {
  static char stack[65536];
  long fd = open("/dev/null", O_RDONLY);
  reap(clone(child, stack + sizeof stack, CLONE_FILES | SIGCHLD, (void *)fd));
  SAY(fcntl(fd, F_GETFD));
  SAY(close_range(fd, fd, CLOSE_RANGE_UNSHARE | CLOSE_RANGE_CLOEXEC));
  SAY(fcntl(fd, F_GETFD));
  SAY(close_range(fd, fd - 1, 0));
  SAY(close_range(fd, fd, 8));
}
