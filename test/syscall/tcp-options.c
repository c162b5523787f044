// Options that servers set, and their values before and after.
#include "inet.h"
int main(void) {
  int s = socket(AF_INET, SOCK_STREAM, 0), on = 1, off = 0, sixty = 60;
  SAY(option(s, SOL_SOCKET, SO_TYPE));
  SAY(option(s, SOL_SOCKET, SO_DOMAIN));
  SAY(option(s, SOL_SOCKET, SO_PROTOCOL));
  SAY(option(s, SOL_SOCKET, SO_ACCEPTCONN));
  SAY(option(s, IPPROTO_TCP, TCP_NODELAY));
  SAY(setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &sixty, sizeof on));
  SAY(option(s, IPPROTO_TCP, TCP_NODELAY));
  SAY(option(s, SOL_SOCKET, SO_KEEPALIVE));
  SAY(setsockopt(s, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on));
  SAY(option(s, SOL_SOCKET, SO_KEEPALIVE));
  SAY(option(s, IPPROTO_TCP, TCP_KEEPIDLE));
  SAY(setsockopt(s, IPPROTO_TCP, TCP_KEEPIDLE, &sixty, sizeof on));
  SAY(option(s, IPPROTO_TCP, TCP_KEEPIDLE));
  SAY(option(s, IPPROTO_TCP, TCP_KEEPINTVL));
  SAY(option(s, IPPROTO_TCP, TCP_KEEPCNT));
  SAY(option(s, SOL_SOCKET, SO_REUSEADDR));
  SAY(setsockopt(s, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on));
  SAY(option(s, SOL_SOCKET, SO_REUSEPORT));
  int size = 30000;
  SAY(setsockopt(s, SOL_SOCKET, SO_SNDBUF, &size, sizeof size));
  SAY(option(s, SOL_SOCKET, SO_SNDBUF));
  size = 1;
  SAY(setsockopt(s, SOL_SOCKET, SO_RCVBUF, &size, sizeof size));
  SAY(option(s, SOL_SOCKET, SO_RCVBUF));
  SAY(setsockopt(s, IPPROTO_IP, IP_TOS, &off, sizeof off));
  SAY(option(s, IPPROTO_IP, IP_TTL));
  struct linger l;
  socklen_t n = sizeof l;
  SAY(getsockopt(s, SOL_SOCKET, SO_LINGER, &l, &n));
  printf("%d %d %d\n", l.l_onoff, l.l_linger, n);
  SAY(option(s, SOL_SOCKET, 9999));
  SAY(option(s, IPPROTO_TCP, 9999));
  SAY(option(s, 4242, 1));
  SAY(setsockopt(s, SOL_SOCKET, SO_KEEPALIVE, &on, 2));
  SAY(setsockopt(s, SOL_SOCKET, SO_KEEPALIVE, 0, 4));
  SAY(setsockopt(s, SOL_SOCKET, SO_ERROR, &on, 4));
  listen(s, 1);
  SAY(option(s, SOL_SOCKET, SO_ACCEPTCONN));
}
