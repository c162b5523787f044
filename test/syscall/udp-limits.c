// The longest datagram, a wrong family, a full buffer loses.
#include "inet.h"
static char big[70000];
int main(void) {
  struct sockaddr_in a = at4("127.0.0.1", 0);
  int s = socket(AF_INET, SOCK_DGRAM, 0), c = socket(AF_INET, SOCK_DGRAM, 0);
  bind(s, (void *)&a, sizeof a);
  a.sin_port = htons(port_of(s));
  SAY(sendto(c, big, 65507, 0, (void *)&a, sizeof a));
  SAY(recv(s, big, sizeof big, 0));
  SAY(sendto(c, big, 65508, 0, (void *)&a, sizeof a));
  SAY(sendto(c, big, 1, 0, (void *)&a, 4));
  struct sockaddr_in6 six = at6("::1", 1);
  SAY(sendto(c, big, 1, 0, (void *)&six, sizeof six));
  a.sin_port = 0;
  SAY(sendto(c, big, 1, 0, (void *)&a, sizeof a));
  a.sin_port = htons(port_of(s));
  int sent = 0, got = 0;
  for (int i = 0; i < 100; i++) sent += sendto(c, big, 60000, 0, (void *)&a, sizeof a) == 60000;
  while (recv(s, big, sizeof big, MSG_DONTWAIT) > 0) got++;
  printf("%d %d\n", sent, got > 0 && got < 100);
}
