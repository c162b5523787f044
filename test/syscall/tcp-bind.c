// Ports: taken ones, SO_REUSEADDR, wildcard against address, addresses that are not the machine's.
#include "inet.h"
int main(void) {
  int on = 1, port, l = listener(&port);
  struct sockaddr_in a = at4("127.0.0.1", port), any = at4("0.0.0.0", port), other = at4("127.0.0.2", port), away = at4("192.0.2.1", 0);
  int s = socket(AF_INET, SOCK_STREAM, 0);
  SAY(bind(s, (void *)&a, sizeof a));
  SAY(bind(s, (void *)&any, sizeof any));
  SAY(bind(s, (void *)&away, sizeof away));
  SAY(setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on));
  SAY(bind(s, (void *)&a, sizeof a));
  SAY(bind(s, (void *)&other, sizeof other));
  SAY(bind(s, (void *)&other, sizeof other));
  SAY(bind(l, (void *)&other, sizeof other));
  int u = socket(AF_INET, SOCK_DGRAM, 0);
  SAY(bind(u, (void *)&a, sizeof a));
  SAY(bind(u, (void *)&a, 8));
  struct sockaddr_in6 six = at6("::1", 0);
  int v = socket(AF_INET, SOCK_STREAM, 0);
  SAY(bind(v, (void *)&six, sizeof six));
  SAY(bind(v, 0, sizeof a));
  close(l);
  l = socket(AF_INET, SOCK_STREAM, 0);
  setsockopt(l, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  SAY(bind(l, (void *)&a, sizeof a));
}
