// an epoll in an epoll, circles refused.
#include "say.h"
int main(void) {
  int p[2], a = epoll_create1(0), b = epoll_create1(0);
  pipe(p);
  struct epoll_event v = {EPOLLIN, {0}}, g;
  SAY(epoll_ctl(b, EPOLL_CTL_ADD, p[0], &v));
  SAY(epoll_ctl(a, EPOLL_CTL_ADD, b, &v));
  SAY(epoll_ctl(b, EPOLL_CTL_ADD, a, &v));
  SAY(epoll_wait(a, &g, 1, 0));
  write(p[1], "x", 1);
  SAY(epoll_wait(a, &g, 1, 0));
  SAY(ready(a));
}
