// IPv6: ::1, a listener of both families sees mapped addresses, IPV6_V6ONLY keeps them apart.
#include "inet.h"
int main(void) {
  int on = 1, off = 0;
  struct sockaddr_in6 a = at6("::", 0), b;
  char text[50];
  int s = socket(AF_INET6, SOCK_STREAM, 0);
  SAY(setsockopt(s, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off));
  SAY(bind(s, (void *)&a, sizeof a));
  SAY(listen(s, 5));
  int port = port_of(s);
  struct sockaddr_in four = at4("127.0.0.1", port);
  int c = socket(AF_INET, SOCK_STREAM, 0);
  SAY(connect(c, (void *)&four, sizeof four));
  socklen_t n = sizeof b;
  int t = accept(s, (void *)&b, &n);
  printf("%d %s\n", n, inet_ntop(AF_INET6, &b.sin6_addr, text, 50));
  n = sizeof b;
  getsockname(t, (void *)&b, &n);
  puts(inet_ntop(AF_INET6, &b.sin6_addr, text, 50));
  int d = socket(AF_INET6, SOCK_STREAM, 0);
  a = at6("::1", port);
  SAY(connect(d, (void *)&a, sizeof a));
  n = sizeof b;
  t = accept(s, (void *)&b, &n);
  puts(inet_ntop(AF_INET6, &b.sin6_addr, text, 50));
  int e = socket(AF_INET6, SOCK_STREAM, 0);
  a = at6("::ffff:127.0.0.1", port);
  SAY(connect(e, (void *)&a, sizeof a));
  int f = socket(AF_INET, SOCK_STREAM, 0);
  SAY(bind(f, (void *)&four, sizeof four));
  int g = socket(AF_INET6, SOCK_STREAM, 0);
  SAY(setsockopt(g, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on));
  SAY(option(g, IPPROTO_IPV6, IPV6_V6ONLY));
  a = at6("::", 0);
  SAY(bind(g, (void *)&a, sizeof a));
  SAY(setsockopt(g, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off));
  listen(g, 1);
  four = at4("127.0.0.1", port_of(g));
  SAY(connect(f, (void *)&four, sizeof four));
  SAY(connect(f, (void *)&a, 20));
}
