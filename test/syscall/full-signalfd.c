// signalfd with no descriptor free.
#include "say.h"
int main(void) {
  long none = 0;
  struct rlimit full = {0, 0};
  while (open("/dev/null", O_RDONLY) < 19);
  full.rlim_cur = full.rlim_max = 20;
  setrlimit(RLIMIT_NOFILE, &full);
  SAY(syscall(SYS_signalfd, -1, &none, 8L));
  SAY(syscall(SYS_signalfd4, -1, &none, 8L, 0));
}
