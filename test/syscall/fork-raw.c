// fork, vfork, nanosleep, sync and select as the system calls of their names.
#include "say.h"
int main(void) {
  pid_t pid = syscall(SYS_fork);
  if (pid == 0) _exit(5);
  reap(pid);
  struct timespec t = {0, 1000000};
  struct timeval v = {0, 1000};
  SAY(syscall(SYS_nanosleep, &t, 0L));
  SAY(syscall(SYS_nanosleep, 8L, 0L));
  SAY(syscall(SYS_sync));
  SAY(syscall(SYS_select, 0, 0L, 0L, 0L, &v));
  SAY(syscall(SYS_select, -1, 0L, 0L, 0L, &v));
  SAY(syscall(SYS_ppoll, 0L, 0L, &t, 0L, 8L));
  SAY(syscall(SYS_ppoll, 0L, 0L, &t, &t, 4L));
  t.tv_nsec = -1;
  SAY(syscall(SYS_ppoll, 0L, 0L, &t, 0L, 8L));
}
