// epoll over a connection: data, the half-closed and the closed peer, edges.
#include "say.h"
static int poll_once(int e) {
  struct epoll_event v = {0};
  int n = epoll_wait(e, &v, 1, 0);
  return n == 1 ? (int)v.events : -n;
}
int main(void) {
  int s[2], e = epoll_create1(0);
  char b[9];
  socketpair(AF_UNIX, SOCK_STREAM, 0, s);
  struct epoll_event v = {EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, {.fd = 1}};
  SAY(epoll_ctl(e, EPOLL_CTL_ADD, s[0], &v));
  SAY(poll_once(e));
  SAY(poll_once(e));
  write(s[1], "abc", 3);
  SAY(poll_once(e));
  SAY(poll_once(e));
  read(s[0], b, 1);
  SAY(poll_once(e));
  write(s[1], "d", 1);
  SAY(poll_once(e));
  shutdown(s[1], SHUT_WR);
  SAY(poll_once(e));
  close(s[1]);
  SAY(poll_once(e));
}
