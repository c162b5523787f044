// mlockall, mlock2: flags, limits, who may.
#include "say.h"
int main(void) {
  static char page[8192] __attribute__((aligned(4096)));
  SAY(syscall(SYS_mlockall, MCL_CURRENT | MCL_FUTURE));
  SAY(syscall(SYS_munlockall));
  SAY(syscall(SYS_mlockall, 0));
  SAY(syscall(SYS_mlockall, 64));
  SAY(syscall(SYS_mlockall, MCL_ONFAULT));
  SAY(syscall(SYS_mlock2, page, 4096L, MLOCK_ONFAULT));
  SAY(syscall(SYS_mlock2, page, 4096L, 2));
  SAY(syscall(SYS_mlock2, 4096L, 4096L, 0));
  SAY(syscall(SYS_munlock, 4096L, 4096L));
  SAY(syscall(SYS_munlock, page, 8192L));
  struct rlimit none = {0, 0};
  SAY(setrlimit(RLIMIT_MEMLOCK, &none));
  SAY(setuid(1000));
  SAY(mlock(page, 4096));
  SAY(mlockall(MCL_CURRENT));
}
