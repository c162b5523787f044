// A descriptor in a message is kept open by the message, and closed with the socket that never read it.
#include "say.h"
int main(void) {
  int s[2], p[2];
  socketpair(AF_UNIX, SOCK_DGRAM, 0, s);
  pipe(p);
  union { char b[CMSG_SPACE(sizeof(int))]; struct cmsghdr h; } u = {0};
  struct iovec v = {"x", 1};
  struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1, .msg_control = u.b, .msg_controllen = sizeof u.b};
  u.h.cmsg_level = SOL_SOCKET, u.h.cmsg_type = SCM_RIGHTS, u.h.cmsg_len = CMSG_LEN(sizeof(int));
  memcpy(CMSG_DATA(&u.h), &p[1], sizeof(int));
  SAY(sendmsg(s[0], &m, 0));
  SAY(close(p[1]));
  SAY(ready(p[0]));
  SAY(close(s[1]));
  SAY(ready(p[0]));
}
