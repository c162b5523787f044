// epoll_ctl: descriptors of every kind watched, and watching.
#include "descriptors.h"
int main(void) {
  int ep = epoll_create1(0);
  struct epoll_event e = {.events = EPOLLIN};
  DESCRIPTORS(syscall(SYS_epoll_ctl, ep, EPOLL_CTL_ADD, fd, &e));
  DESCRIPTORS(syscall(SYS_epoll_ctl, fd, EPOLL_CTL_ADD, ep, &e));
}
