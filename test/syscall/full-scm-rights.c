// SCM_RIGHTS with no descriptor free: cut off.
#include "say.h"
int main(void) {
  int s[2];
  socketpair(AF_UNIX, SOCK_STREAM, 0, s);
  char c[CMSG_SPACE(4)] = {0};
  struct iovec v = {"x", 1};
  struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1, .msg_control = c, .msg_controllen = sizeof c};
  *CMSG_FIRSTHDR(&m) = (struct cmsghdr){CMSG_LEN(4), SOL_SOCKET, SCM_RIGHTS};
  sendmsg(s[0], &m, 0);
  char got;
  v.iov_base = &got;
  struct rlimit full = {0, 0};
  while (open("/dev/null", O_RDONLY) < 19);
  full.rlim_cur = full.rlim_max = 20;
  setrlimit(RLIMIT_NOFILE, &full);
  SAY(recvmsg(s[1], &m, 0));
  SAY(m.msg_flags & MSG_CTRUNC);
  SAY(m.msg_controllen);
}
