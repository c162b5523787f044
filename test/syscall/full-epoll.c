// epoll with no descriptor free.
#include "say.h"
int main(void) {
  struct rlimit full = {0, 0};
  while (open("/dev/null", O_RDONLY) < 19);
  full.rlim_cur = full.rlim_max = 20;
  setrlimit(RLIMIT_NOFILE, &full);
  SAY(syscall(SYS_epoll_create, 1));
  SAY(syscall(SYS_epoll_create1, 0));
}
