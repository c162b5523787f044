// TCP and UDP: who listens already, who calls already, the same connection twice, resets and refusals by each call.
#include "inet.h"
int main(void) {
  char b[8];
  int on = 1, port, one = 0, first = listener(&port);
  signal(SIGPIPE, SIG_IGN);
  struct sockaddr_in any = at4("127.0.0.1", 0);
  int s = socket(AF_INET, SOCK_STREAM, 0), t = socket(AF_INET, SOCK_STREAM, 0);
  setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on), setsockopt(t, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  bind(s, (void *)&any, sizeof any);
  struct sockaddr_in same = at4("127.0.0.1", port_of(s));
  SAY(bind(t, (void *)&same, sizeof same));
  SAY(listen(s, 1));
  SAY(listen(t, 1));
  close(s), close(t);

  struct sockaddr_in to = at4("127.0.0.1", port);
  s = socket(AF_INET, SOCK_STREAM, 0), t = socket(AF_INET, SOCK_STREAM, 0);
  setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on), setsockopt(t, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  bind(s, (void *)&any, sizeof any);
  same = at4("127.0.0.1", port_of(s));
  SAY(bind(t, (void *)&same, sizeof same));
  SAY(connect(s, (void *)&to, sizeof to));
  SAY(connect(t, (void *)&to, sizeof to));

  int full = socket(AF_INET, SOCK_STREAM, 0);
  bind(full, (void *)&any, sizeof any), listen(full, 0);
  to = at4("127.0.0.1", port_of(full));
  int waiting = 0;
  for (int i = 0; i < 20 && !waiting; i++) {
    int c = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    connect(c, (void *)&to, sizeof to);
    struct pollfd p = {c, POLLOUT, 0};
    if (poll(&p, 1, 50) == 0) waiting = c;
  }
  SAY(connect(waiting, (void *)&to, sizeof to));

  struct iovec v = {"x", 1};
  struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1};
  int c[2];
  for (int i = 0; i < 2; i++) {
    connection(c);
    write(c[0], "unread", 6), close(c[1]), sleep_ms(10);
    if (i == 0) SAY(syscall(SYS_sendto, c[0], "x", 1L, 0, 0L, 0L));
    else SAY(syscall(SYS_sendmsg, c[0], &m, 0));
    SAY(syscall(SYS_sendto, c[0], "x", 1L, 0, 0L, 0L));
  }
  int u = socket(AF_INET, SOCK_DGRAM, 0), w = socket(AF_INET, SOCK_DGRAM, 0);
  bind(w, (void *)&any, sizeof any);
  to = at4("127.0.0.1", port_of(w));
  close(w);
  SAY(connect(u, (void *)&to, sizeof to));
  SAY(send(u, "x", 1, 0));
  sleep_ms(10);
  SAY(syscall(SYS_recvfrom, u, b, 8L, MSG_DONTWAIT, 0L, 0L));
  SAY(send(u, "x", 1, 0));
  sleep_ms(10);
  v.iov_base = b;
  SAY(syscall(SYS_recvmsg, u, &m, MSG_DONTWAIT));
  SAY(syscall(SYS_sendto, u, "x", 1L, MSG_OOB, &to, sizeof to));
}
