// shutdown of a listener and of an unconnected socket.
#include "say.h"
int main(void) {
  struct sockaddr_un a = {AF_UNIX, "./sl"};
  int s = socket(AF_UNIX, SOCK_STREAM, 0), c = socket(AF_UNIX, SOCK_STREAM, 0);
  bind(s, (void *)&a, sizeof a), listen(s, 1);
  SAY(ready(c));
  SAY(ready(s));
  SAY(shutdown(s, SHUT_RD));
  SAY(accept(s, 0, 0));
  SAY(connect(c, (void *)&a, sizeof a));
}
