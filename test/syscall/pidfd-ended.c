// What a pidfd of a process gives that is alive, has ended, and was waited for.
#include "say.h"
#ifndef P_PIDFD
#define P_PIDFD 3
#endif
int main(void) {
  siginfo_t info;
  pid_t pid = fork();
  if (pid == 0) pause(), _exit(0);
  int fd = syscall(SYS_pidfd_open, pid, O_NONBLOCK);
  SAY(syscall(SYS_waitid, P_PIDFD, fd, &info, WEXITED, 0L));
  SAY(kill(pid, SIGKILL));
  while (syscall(SYS_waitid, P_PIDFD, fd, &info, WEXITED, 0L) < 0 && errno == EAGAIN) sleep_ms(1);
  SAY(syscall(SYS_pidfd_getfd, fd, 0, 0));
  SAY(syscall(SYS_pidfd_send_signal, fd, 0, 0L, 0));
}
