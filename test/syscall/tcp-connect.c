// A TCP connection on the loopback: names on both sides, data both ways, the end.
#include "inet.h"
int main(void) {
  struct sockaddr_in a = at4("127.0.0.1", 0), b;
  socklen_t n = sizeof b;
  char buffer[20] = "";
  int s = socket(AF_INET, SOCK_STREAM, 0), c = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
  SAY(ready(s));
  SAY(bind(s, (void *)&a, sizeof a));
  SAY(listen(s, 5));
  SAY(ready(s));
  int port = port_of(s);
  SAY(port > 0);
  a = at4("127.0.0.1", port);
  SAY(connect(c, (void *)&a, sizeof a));
  SAY(connect(c, (void *)&a, sizeof a));
  SAY(ready(c));
  SAY(ready(s));
  int t = accept4(s, (void *)&b, &n, SOCK_CLOEXEC | SOCK_NONBLOCK);
  printf("%d bytes, %s, port known %d\n", n, inet_ntoa(b.sin_addr), ntohs(b.sin_port) == port_of(c));
  SAY(fcntl(t, F_GETFL) & O_NONBLOCK);
  SAY(port_of(t) == port);
  n = sizeof b;
  SAY(getpeername(c, (void *)&b, &n));
  printf("%s %d\n", inet_ntoa(b.sin_addr), ntohs(b.sin_port) == port);
  SAY(read(t, buffer, 20));
  SAY(write(c, "hello", 5));
  SAY(ready(t));
  SAY(read(t, buffer, 20));
  SAY(write(t, "there", 5));
  SAY(recv(c, buffer, 20, 0));
  SAY(shutdown(c, SHUT_WR));
  SAY(ready(t));
  SAY(read(t, buffer, 20));
  SAY(write(t, "more", 4));
  SAY(close(t));
  SAY(ready(c));
  SAY(read(c, buffer, 20));
  SAY(read(c, buffer, 20));
  SAY(accept(c, 0, 0));
}
