// epoll_wait, epoll_pwait: never restarted.
#include "interrupt.h"
int main(void) {
  int ep = epoll_create1(0);
  struct epoll_event e;
  INTERRUPTED(epoll_wait(ep, &e, 1, 5000));
  INTERRUPTED(epoll_pwait(ep, &e, 1, -1, 0));
}
