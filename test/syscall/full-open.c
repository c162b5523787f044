// open, openat, creat with no descriptor free: a file is made all the same.
#include "say.h"
int main(void) {
  struct rlimit full = {0, 0};
  while (open("/dev/null", O_RDONLY) < 19);
  full.rlim_cur = full.rlim_max = 20;
  setrlimit(RLIMIT_NOFILE, &full);
  SAY(syscall(SYS_open, "/dev/null", 0));
  SAY(syscall(SYS_openat, AT_FDCWD, "/dev/null", 0));
  SAY(syscall(SYS_creat, "x", 0600));
  SAY(access("x", F_OK));
}
