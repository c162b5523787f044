// epoll_create, inotify_init, signalfd, eventfd, pipe: the calls without flags.
#include "say.h"
int main(void) {
  int p[2];
  long none = 0;
  SAY(syscall(SYS_epoll_create, 1));
  SAY(syscall(SYS_epoll_create, 0));
  SAY(syscall(SYS_inotify_init));
  SAY(syscall(SYS_signalfd, -1, &none, 8L));
  SAY(syscall(SYS_signalfd, -1, &none, 4L));
  SAY(syscall(SYS_eventfd, 3));
  SAY(syscall(SYS_pipe, p));
  SAY(syscall(SYS_pipe, 8L));
  for (int fd = 3; fd < 9; fd++) printf("%d %d\n", fcntl(fd, F_GETFD), fcntl(fd, F_GETFL) & O_NONBLOCK);
}
