// A connected socket takes only what its peer sends; the more exact of two sockets gets a datagram.
#include "inet.h"
int main(void) {
  struct sockaddr_in a = at4("127.0.0.1", 0);
  char b[9];
  int s = socket(AF_INET, SOCK_DGRAM, 0), p = socket(AF_INET, SOCK_DGRAM, 0), q = socket(AF_INET, SOCK_DGRAM, 0);
  bind(s, (void *)&a, sizeof a), bind(p, (void *)&a, sizeof a), bind(q, (void *)&a, sizeof a);
  struct sockaddr_in to = at4("127.0.0.1", port_of(s)), peer = at4("127.0.0.1", port_of(p));
  SAY(connect(s, (void *)&peer, sizeof peer));
  SAY(sendto(p, "peer", 4, 0, (void *)&to, sizeof to));
  SAY(sendto(q, "other", 5, 0, (void *)&to, sizeof to));
  SAY(recv(s, b, 9, MSG_DONTWAIT));
  SAY(recv(s, b, 9, MSG_DONTWAIT));
}
