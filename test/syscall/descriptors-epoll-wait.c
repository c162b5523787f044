// epoll_wait: descriptors of every kind.
#include "descriptors.h"
int main(void) {
  struct epoll_event e;
  DESCRIPTORS(syscall(SYS_epoll_wait, fd, &e, 1, 0));
}
