// a closed descriptor leaves the set, a duplicate keeps it.
#include "say.h"
int main(void) {
  int p[2], e = epoll_create1(0);
  pipe(p), write(p[1], "x", 1);
  struct epoll_event v = {EPOLLIN, {0}}, g;
  epoll_ctl(e, EPOLL_CTL_ADD, p[0], &v);
  int d = dup(p[0]);
  close(p[0]);
  SAY(epoll_wait(e, &g, 1, 0));
  close(d);
  SAY(epoll_wait(e, &g, 1, 0));
}
