// A full queue: EAGAIN for who does not wait, a waiting connect goes on after accept.
#include "say.h"
int main(void) {
  struct sockaddr_un a = {AF_UNIX, "./q"};
  int s = socket(AF_UNIX, SOCK_STREAM, 0);
  SAY(bind(s, (void *)&a, sizeof a));
  SAY(listen(s, 1));
  for (int i = 0; i < 3; i++) {
    int c = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
    SAY(connect(c, (void *)&a, sizeof a));
  }
  pid_t pid = fork();
  if (pid == 0) {
    int c = socket(AF_UNIX, SOCK_STREAM, 0);
    int r = connect(c, (void *)&a, sizeof a);
    _exit(r == 0 ? 7 : 8);
  }
  sleep_ms(30);
  SAY(accept(s, 0, 0) > 0);
  reap(pid);
  SAY(accept(s, 0, 0) > 0);
  SAY(accept(s, 0, 0) > 0);
  fcntl(s, F_SETFL, O_NONBLOCK);
  SAY(accept(s, 0, 0));
}
