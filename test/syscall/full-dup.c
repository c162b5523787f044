// dup with no descriptor free.
#include "say.h"
int main(void) {
  struct rlimit full = {0, 0};
  while (open("/dev/null", O_RDONLY) < 19);
  full.rlim_cur = full.rlim_max = 20;
  setrlimit(RLIMIT_NOFILE, &full);
  SAY(dup(0));
  SAY(dup2(0, 20));
  SAY(dup3(0, 20, 0));
  SAY(dup2(0, 19));
  SAY(fcntl(0, F_DUPFD, 5));
  SAY(fcntl(0, F_DUPFD, 20));
  SAY(fcntl(0, F_DUPFD_CLOEXEC, 3));
}
