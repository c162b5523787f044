// Sockets: what accept4, listen, sendto, sendmsg, recvfrom and recvmsg answer when they cannot.
#include "inet.h"
int main(void) {
  char b[8];
  struct sockaddr_un at = {AF_UNIX, "at"}, locked = {AF_UNIX, "locked/at"};
  struct iovec v = {"x", 1};
  struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1};
  int s = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
  SAY(bind(s, (void *)&at, sizeof at));
  SAY(listen(s, 4));
  SAY(syscall(SYS_accept4, s, 0L, 0L, 0));
  int c = socket(AF_UNIX, SOCK_STREAM, 0), d = socket(AF_UNIX, SOCK_STREAM, 0);
  SAY(connect(c, (void *)&at, sizeof at));
  SAY(connect(d, (void *)&at, sizeof at));
  SAY(syscall(SYS_accept, s, 8L, 8L));
  SAY(syscall(SYS_accept4, s, 8L, 8L, 0));
  m.msg_name = &at, m.msg_namelen = sizeof at;
  SAY(syscall(SYS_sendmsg, c, &m, 0));
  SAY(syscall(SYS_sendto, c, "x", 1L, 0, &at, sizeof at));
  int g = socket(AF_UNIX, SOCK_DGRAM, 0), h = socket(AF_UNIX, SOCK_DGRAM, 0);
  mkdir("locked", 0700);
  SAY(bind(g, (void *)&locked, sizeof locked));
  SAY(syscall(SYS_sendto, h, "x", 1L, MSG_OOB, &locked, sizeof locked));
  m.msg_name = &locked, m.msg_namelen = sizeof locked;
  SAY(syscall(SYS_sendmsg, h, &m, MSG_OOB));
  static char block[1 << 20];
  v.iov_base = block, v.iov_len = sizeof block;
  SAY(syscall(SYS_sendmsg, h, &m, 0));
  v.iov_len = 1000;
  fcntl(h, F_SETFL, O_NONBLOCK);
  while (sendmsg(h, &m, 0) >= 0);
  SAY(syscall(SYS_sendmsg, h, &m, 0));
  fflush(stdout);
  pid_t other = fork();
  if (other == 0) {
    setresuid(65534, 65534, 65534);
    SAY(syscall(SYS_sendto, h, "x", 1L, 0, &locked, sizeof locked));
    SAY(syscall(SYS_sendmsg, h, &m, 0));
    _exit(0);
  }
  reap(other);
}
