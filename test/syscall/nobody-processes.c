// What a process may not do to those of others through their descriptors.
#include "say.h"
int main(void) {
  pid_t pid = fork();
  if (pid == 0) for (alarm(2);;) pause();
  int fd = syscall(SYS_pidfd_open, pid, 0);
  SAY(syscall(SYS_pidfd_send_signal, fd, 99, 0L, 0));
  SAY(syscall(SYS_pidfd_send_signal, fd, 0, 0L, 8));
  SAY(syscall(SYS_pidfd_getfd, fd, 0, 1));
  SAY(syscall(SYS_pidfd_getfd, fd, 77, 0));
  SAY(setresuid(1000, 1000, 1000));
  SAY(syscall(SYS_pidfd_send_signal, fd, SIGTERM, 0L, 0));
  SAY(syscall(SYS_pidfd_getfd, fd, 0, 0));
  SAY(syscall(SYS_kill, pid, SIGTERM));
  SAY(syscall(SYS_setpgid, pid, pid));
}
