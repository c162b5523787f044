// pidfd with no descriptor free.
#include "say.h"
int main(void) {
  int me = syscall(SYS_pidfd_open, getpid(), 0);
  struct rlimit full = {0, 0};
  while (open("/dev/null", O_RDONLY) < 19);
  full.rlim_cur = full.rlim_max = 20;
  setrlimit(RLIMIT_NOFILE, &full);
  SAY(syscall(SYS_pidfd_open, getpid(), 0));
  SAY(syscall(SYS_pidfd_getfd, me, 0, 0));
}
