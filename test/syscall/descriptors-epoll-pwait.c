// epoll_pwait: descriptors of every kind.
#include "descriptors.h"
int main(void) {
  struct epoll_event e;
  DESCRIPTORS(syscall(SYS_epoll_pwait, fd, &e, 1, 0, 0L, 8L));
}
