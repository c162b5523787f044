// connect to a full backlog: what a signal makes of it.
#include "interrupt.h"
int main(void) {
  struct sockaddr_un a = {.sun_family = AF_UNIX, .sun_path = "s"};
  int s = socket(AF_UNIX, SOCK_STREAM, 0), c = socket(AF_UNIX, SOCK_STREAM, 0);
  bind(s, (void *)&a, sizeof a), listen(s, 0);
  connect(socket(AF_UNIX, SOCK_STREAM, 0), (void *)&a, sizeof a);
  INTERRUPTED(connect(c, (void *)&a, sizeof a));
}
