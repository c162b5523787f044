// connect to AF_UNSPEC ends a connection; the socket connects again.
#include "inet.h"
int main(void) {
  int c[2], port, l = listener(&port);
  connection(c);
  struct sockaddr u = {AF_UNSPEC};
  SAY(connect(c[0], &u, sizeof u));
  char b;
  SAY(read(c[1], &b, 1));
  struct sockaddr_in a = at4("127.0.0.1", port);
  SAY(connect(c[0], (void *)&a, sizeof a));
  SAY(accept(l, 0, 0) > 0);
}
