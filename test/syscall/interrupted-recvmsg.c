// What a signal makes of recvmsg.
#include "interrupt.h"
int main(void) {
  int s[2];
  socketpair(AF_UNIX, SOCK_STREAM, 0, s);
  char b[9];
  struct iovec v = {b, 9};
  struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1};
  INTERRUPTED(recvmsg(s[0], &m, 0));
}
