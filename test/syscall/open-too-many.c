// EMFILE at the limit of open files, and the lowest number is taken next.
#include "say.h"
int main(void) {
  struct rlimit r = {10, 10};
  setrlimit(RLIMIT_NOFILE, &r);
  int n = 0;
  while (open("/dev/null", O_RDONLY) >= 0) n++;
  printf("%d %s\n", 3 + n, strerrorname_np(errno));
  close(5);
  SAY(dup(0));
  SAY(dup(0));
  SAY(dup2(0, 10));
  SAY(fcntl(0, F_DUPFD, 10));
  int p[2];
  close(4);
  SAY(pipe(p));
  SAY(dup(0));
}
