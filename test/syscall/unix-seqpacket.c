// Sequenced packets: a connection that keeps bounds; the end reads as 0.
#include "say.h"
int main(void) {
  int s[2];
  char b[10];
  signal(SIGPIPE, SIG_IGN);
  SAY(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, s));
  SAY(write(s[0], "one", 3));
  SAY(write(s[0], "three", 5));
  SAY(ready(s[1]));
  SAY(read(s[1], b, 10));
  SAY(read(s[1], b, 2));
  SAY(recv(s[1], b, 10, MSG_DONTWAIT));
  SAY(send(s[0], "last", 4, MSG_EOR));
  SAY(close(s[0]));
  struct iovec v = {b, 10};
  struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1};
  SAY(recvmsg(s[1], &m, 0));
  SAY(m.msg_flags);
  SAY(read(s[1], b, 10));
  SAY(write(s[1], "x", 1));
  int u = socket(AF_UNIX, SOCK_SEQPACKET, 0);
  SAY(read(u, b, 1));
  SAY(write(u, b, 1));
}
