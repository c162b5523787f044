// epoll_pwait2: descriptors of every kind.
#include "descriptors.h"
#ifndef SYS_epoll_pwait2
#define SYS_epoll_pwait2 441
#endif
int main(void) {
  struct epoll_event e;
  struct timespec t = {0, 0};
  DESCRIPTORS(syscall(SYS_epoll_pwait2, fd, &e, 1, &t, 0L, 8L));
}
