// A connect that does not wait: EINPROGRESS, then ready to write, SO_ERROR 0, then EISCONN.
#include "inet.h"
int main(void) {
  int port, l = listener(&port);
  struct sockaddr_in a = at4("127.0.0.1", port);
  int s = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  SAY(connect(s, (void *)&a, sizeof a));
  struct pollfd p = {s, POLLOUT, 0};
  SAY(poll(&p, 1, 1000));
  printf("%x\n", p.revents);
  SAY(option(s, SOL_SOCKET, SO_ERROR));
  connect(s, (void *)&a, sizeof a);
  SAY(connect(s, (void *)&a, sizeof a));
  char b;
  SAY(read(s, &b, 1));
  fcntl(l, F_SETFL, O_NONBLOCK);
  SAY(accept(l, 0, 0) > 0);
  SAY(accept(l, 0, 0));
}
