// SO_RCVTIMEO and SO_SNDTIMEO: EAGAIN after the time.
#include "say.h"
int main(void) {
  int s[2];
  char b[1000];
  socketpair(AF_UNIX, SOCK_STREAM, 0, s);
  struct timeval t = {0, 20000}, u;
  socklen_t n = sizeof u;
  SAY(setsockopt(s[0], SOL_SOCKET, SO_RCVTIMEO, &t, sizeof t));
  SAY(getsockopt(s[0], SOL_SOCKET, SO_RCVTIMEO, &u, &n));
  SAY(u.tv_sec == 0 && u.tv_usec == 20000);
  SAY(recv(s[0], b, 1, 0));
  SAY(read(s[0], b, 1));
  SAY(setsockopt(s[0], SOL_SOCKET, SO_SNDTIMEO, &t, sizeof t));
  long r;
  while ((r = send(s[0], b, 1000, 0)) > 0) ;
  printf("%ld %s\n", r, strerrorname_np(errno));
  t.tv_usec = 1000000;
  SAY(setsockopt(s[0], SOL_SOCKET, SO_RCVTIMEO, &t, sizeof t));
  SAY(setsockopt(s[0], SOL_SOCKET, SO_RCVTIMEO, &t, 4));
  struct sockaddr_un a = {AF_UNIX, "./x"};
  int l = socket(AF_UNIX, SOCK_STREAM, 0);
  bind(l, (void *)&a, sizeof a), listen(l, 1);
  t.tv_usec = 20000;
  setsockopt(l, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof t);
  SAY(accept(l, 0, 0));
}
