// sendmmsg and recvmmsg with addresses.
#include "inet.h"
int main(void) {
  struct sockaddr_in a = at4("127.0.0.1", 0), from[2];
  char b[2][9] = {"", ""};
  int s = socket(AF_INET, SOCK_DGRAM, 0), c = socket(AF_INET, SOCK_DGRAM, 0);
  bind(s, (void *)&a, sizeof a);
  a.sin_port = htons(port_of(s));
  struct iovec out[2] = {{"one", 3}, {"two!", 4}}, in[2] = {{b[0], 9}, {b[1], 9}};
  struct mmsghdr m[2] = {{{&a, sizeof a, out, 1}}, {{&a, sizeof a, out + 1, 1}}}, r[2] = {{{from, sizeof *from, in, 1}}, {{from + 1, sizeof *from, in + 1, 1}}};
  SAY(sendmmsg(c, m, 2, 0));
  SAY(recvmmsg(s, r, 2, 0, 0));
  printf("%u %s %u %s %d\n", r[0].msg_len, b[0], r[1].msg_len, b[1], ntohs(from[1].sin_port) == port_of(c));
}
