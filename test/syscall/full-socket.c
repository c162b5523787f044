// socket with no descriptor free.
#include "say.h"
int main(void) {
  int p[2];
  struct rlimit full = {0, 0};
  while (open("/dev/null", O_RDONLY) < 19);
  full.rlim_cur = full.rlim_max = 20;
  setrlimit(RLIMIT_NOFILE, &full);
  SAY(socket(AF_UNIX, SOCK_STREAM, 0));
  SAY(socket(AF_INET, SOCK_DGRAM, 0));
  SAY(socketpair(AF_UNIX, SOCK_STREAM, 0, p));
  SAY(close(19));
  SAY(socketpair(AF_UNIX, SOCK_STREAM, 0, p));
}
