// A watched file that is unlinked while open goes when it is closed.
#include "say.h"
#include <sys/inotify.h>
int main(void) {
  int fd = inotify_init1(IN_NONBLOCK), f = file_with("f", "x");
  inotify_add_watch(fd, "f", IN_ATTRIB | IN_DELETE_SELF | IN_CLOSE);
  struct inotify_event e;
  unlink("f");
  SAY(read(fd, &e, sizeof e));
  printf("%x\n", e.mask);
  SAY(read(fd, &e, sizeof e));
  close(f);
  while (read(fd, &e, sizeof e) > 0) printf("%x\n", e.mask);
}
