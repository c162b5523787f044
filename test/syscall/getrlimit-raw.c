// getrlimit, setrlimit: values, resources that do not exist, raising the hard limit.
#include "say.h"
int main(void) {
  struct rlimit l = {100, 200};
  SAY(syscall(SYS_setrlimit, RLIMIT_NOFILE, &l));
  SAY(syscall(SYS_getrlimit, RLIMIT_NOFILE, &l));
  printf("%ld %ld\n", (long)l.rlim_cur, (long)l.rlim_max);
  SAY(syscall(SYS_getrlimit, 16, &l));
  SAY(syscall(SYS_setrlimit, -1, &l));
  SAY(syscall(SYS_getrlimit, RLIMIT_NOFILE, 8L));
  SAY(syscall(SYS_setrlimit, RLIMIT_NOFILE, 8L));
  l = (struct rlimit){300, 200};
  SAY(syscall(SYS_setrlimit, RLIMIT_NOFILE, &l));
  SAY(setuid(1000));
  l = (struct rlimit){100, 300};
  SAY(syscall(SYS_setrlimit, RLIMIT_NOFILE, &l));
  l = (struct rlimit){200, 200};
  SAY(syscall(SYS_setrlimit, RLIMIT_NOFILE, &l));
}
