// accept, accept4 with no descriptor free: the connection keeps waiting.
#include "say.h"
int main(void) {
  struct sockaddr_un a = {.sun_family = AF_UNIX, .sun_path = "s"};
  int s = socket(AF_UNIX, SOCK_STREAM, 0), c = socket(AF_UNIX, SOCK_STREAM, 0);
  bind(s, (void *)&a, sizeof a), listen(s, 5), connect(c, (void *)&a, sizeof a);
  struct rlimit full = {0, 0};
  while (open("/dev/null", O_RDONLY) < 19);
  full.rlim_cur = full.rlim_max = 20;
  setrlimit(RLIMIT_NOFILE, &full);
  SAY(accept(s, 0, 0));
  SAY(accept4(s, 0, 0, SOCK_CLOEXEC));
  SAY(close(19));
  SAY(accept(s, 0, 0));
}
