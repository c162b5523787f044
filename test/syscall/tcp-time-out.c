// connect to a listener whose queue stays full: ETIMEDOUT after the repetitions that TCP_SYNCNT allows.
#include "inet.h"
int main(void) {
  struct sockaddr_in any = at4("127.0.0.1", 0);
  int full = socket(AF_INET, SOCK_STREAM, 0), once = 1, waiting = 0;
  bind(full, (void *)&any, sizeof any), listen(full, 0);
  struct sockaddr_in to = at4("127.0.0.1", port_of(full));
  for (int i = 0; i < 20 && !waiting; i++) {
    int c = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    setsockopt(c, IPPROTO_TCP, TCP_SYNCNT, &once, sizeof once);
    connect(c, (void *)&to, sizeof to);
    struct pollfd p = {c, POLLOUT, 0};
    if (poll(&p, 1, 50) == 0) waiting = c;
  }
  int c = socket(AF_INET, SOCK_STREAM, 0), none = 0;
  SAY(setsockopt(c, IPPROTO_TCP, TCP_SYNCNT, &none, sizeof none));
  SAY(setsockopt(c, IPPROTO_TCP, TCP_SYNCNT, &once, sizeof once));
  SAY(connect(c, (void *)&to, sizeof to));
  struct pollfd p = {waiting, POLLOUT, 0};
  SAY(poll(&p, 1, 1000));
  SAY(p.revents);
  SAY(option(waiting, SOL_SOCKET, SO_ERROR) == ETIMEDOUT);
  SAY(connect(c, (void *)&to, 8));
}
