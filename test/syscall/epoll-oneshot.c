// one event, then quiet until it is armed again.
#include "say.h"
int main(void) {
  int p[2], e = epoll_create1(EPOLL_CLOEXEC);
  pipe(p), write(p[1], "x", 1);
  struct epoll_event v = {EPOLLIN | EPOLLONESHOT, {.u64 = 0x123456789}}, g;
  SAY(epoll_ctl(e, EPOLL_CTL_ADD, p[0], &v));
  SAY(epoll_ctl(e, EPOLL_CTL_ADD, p[0], &v));
  SAY(epoll_wait(e, &g, 1, 0));
  printf("%x %lx\n", g.events, (long)g.data.u64);
  SAY(epoll_wait(e, &g, 1, 0));
  SAY(epoll_ctl(e, EPOLL_CTL_MOD, p[0], &v));
  SAY(epoll_wait(e, &g, 1, 0));
  SAY(epoll_ctl(e, EPOLL_CTL_DEL, p[0], 0));
  SAY(epoll_ctl(e, EPOLL_CTL_DEL, p[0], 0));
  SAY(epoll_ctl(e, EPOLL_CTL_MOD, p[0], &v));
  SAY(epoll_ctl(e, EPOLL_CTL_ADD, e, &v));
  SAY(epoll_ctl(e, EPOLL_CTL_ADD, 99, &v));
  SAY(epoll_ctl(e, EPOLL_CTL_ADD, file_with("f", ""), &v));
  SAY(epoll_wait(e, &g, 0, 0));
  SAY(epoll_ctl(p[0], EPOLL_CTL_ADD, p[1], &v));
  SAY(epoll_create(0));
  SAY(epoll_create1(7));
}
