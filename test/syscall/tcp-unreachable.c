// Addresses that no route leads to, broadcast ones, port 0 of an address.
#include "inet.h"
int main(void) {
  struct sockaddr_in a = at4("255.255.255.255", 80), zero = at4("0.0.0.0", 0);
  int s = socket(AF_INET, SOCK_STREAM, 0), port, l = listener(&port);
  SAY(connect(s, (void *)&a, sizeof a));
  SAY(connect(s, (void *)&a, 3));
  struct sockaddr_un u = {AF_UNIX, "./x"};
  SAY(connect(s, (void *)&u, sizeof u));
  zero.sin_port = htons(port);
  SAY(connect(s, (void *)&zero, sizeof zero));
  struct sockaddr_in b;
  socklen_t n = sizeof b;
  getpeername(s, (void *)&b, &n);
  puts(inet_ntoa(b.sin_addr));
  (void)l;
}
