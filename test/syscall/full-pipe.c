// pipe with no descriptor free.
#include "say.h"
int main(void) {
  int p[2];
  struct rlimit full = {0, 0};
  while (open("/dev/null", O_RDONLY) < 19);
  full.rlim_cur = full.rlim_max = 20;
  setrlimit(RLIMIT_NOFILE, &full);
  SAY(pipe(p));
  SAY(pipe2(p, O_CLOEXEC));
  SAY(close(19));
  SAY(pipe(p));
}
