// Closing with unread data resets the peer; a listener that closes resets who waits in its queue.
#include "say.h"
int main(void) {
  int s[2], v[2];
  char b[4];
  signal(SIGPIPE, SIG_IGN);
  socketpair(AF_UNIX, SOCK_STREAM, 0, s);
  SAY(write(s[0], "abc", 3));
  SAY(write(s[1], "xy", 2));
  SAY(close(s[1]));
  SAY(ready(s[0]));
  SAY(read(s[0], b, 4));
  SAY(read(s[0], b, 4));
  SAY(read(s[0], b, 4));
  SAY(write(s[0], "z", 1));
  struct sockaddr_un a = {AF_UNIX, "./l"};
  v[0] = socket(AF_UNIX, SOCK_STREAM, 0);
  bind(v[0], (void *)&a, sizeof a);
  listen(v[0], 3);
  v[1] = socket(AF_UNIX, SOCK_STREAM, 0);
  SAY(connect(v[1], (void *)&a, sizeof a));
  SAY(close(v[0]));
  SAY(ready(v[1]));
  SAY(read(v[1], b, 4));
  SAY(read(v[1], b, 4));
  SAY(write(v[1], "z", 1));
}
