// UDP: datagrams, their senders, cut ones, connected sockets, refused ones.
#include "inet.h"
int main(void) {
  struct sockaddr_in a = at4("127.0.0.1", 0), b, from;
  socklen_t n = sizeof from;
  char buffer[20] = "";
  int s = socket(AF_INET, SOCK_DGRAM, 0), c = socket(AF_INET, SOCK_DGRAM, IPPROTO_UDP);
  SAY(send(c, "x", 1, 0));
  SAY(bind(s, (void *)&a, sizeof a));
  b = at4("127.0.0.1", port_of(s));
  SAY(ready(s));
  SAY(sendto(c, "hello", 5, 0, (void *)&b, sizeof b));
  SAY(port_of(c) > 0);
  SAY(ready(s));
  SAY(recvfrom(s, buffer, 20, 0, (void *)&from, &n));
  printf("%s %d %d\n", inet_ntoa(from.sin_addr), ntohs(from.sin_port) == port_of(c), n);
  SAY(sendto(s, "back", 4, 0, (void *)&from, n));
  SAY(recv(c, buffer, 2, MSG_TRUNC));
  SAY(recv(c, buffer, 2, MSG_DONTWAIT));
  SAY(connect(c, (void *)&b, sizeof b));
  SAY(write(c, "", 0));
  SAY(read(s, buffer, 20));
  SAY(write(c, "abc", 3));
  int v;
  SAY(ioctl(s, FIONREAD, &v));
  SAY(v);
  n = sizeof from;
  SAY(getpeername(c, (void *)&from, &n));
  SAY(getpeername(s, (void *)&from, &n));
  close(s);
  SAY(write(c, "lost", 4));
  SAY(ready(c));
  SAY(write(c, "lost", 4));
  SAY(write(c, "lost", 4));
  SAY(read(c, buffer, 20));
  struct sockaddr u = {AF_UNSPEC};
  SAY(connect(c, &u, sizeof u));
  SAY(write(c, "x", 1));
  SAY(shutdown(c, 2));
}
