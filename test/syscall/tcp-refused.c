// Nobody listens: ECONNREFUSED, at once or through SO_ERROR; afterwards the socket may be used again.
#include "inet.h"
int main(void) {
  int port, l = listener(&port);
  close(l);
  struct sockaddr_in a = at4("127.0.0.1", port);
  int s = socket(AF_INET, SOCK_STREAM, 0);
  char b;
  SAY(connect(s, (void *)&a, sizeof a));
  SAY(read(s, &b, 1));
  SAY(send(s, "x", 1, MSG_NOSIGNAL));
  SAY(option(s, SOL_SOCKET, SO_ERROR));
  int k = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  SAY(connect(k, (void *)&a, sizeof a));
  struct pollfd p = {k, POLLOUT, 0};
  SAY(poll(&p, 1, 1000));
  printf("%x\n", p.revents);
  SAY(option(k, SOL_SOCKET, SO_ERROR) == ECONNREFUSED);
  SAY(option(k, SOL_SOCKET, SO_ERROR));
  l = listener(&port);
  a = at4("127.0.0.1", port);
  SAY(connect(s, (void *)&a, sizeof a));
}
