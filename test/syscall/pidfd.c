// pidfd: readiness at the end, signals, waitid by it, descriptors of others.
#include "say.h"
int main(void) {
  pid_t pid = fork();
  if (pid == 0) { for (;;) pause(); }
  int fd = syscall(SYS_pidfd_open, pid, 0);
  SAY(fd > 0);
  SAY(fcntl(fd, F_GETFD));
  SAY(ready(fd));
  SAY(syscall(SYS_pidfd_send_signal, fd, 0, 0, 0));
  siginfo_t info = {0};
  SAY(waitid(P_PIDFD, fd, &info, WEXITED | WNOHANG));
  SAY(syscall(SYS_pidfd_send_signal, fd, SIGTERM, 0, 0));
  struct pollfd p = {fd, POLLIN, 0};
  SAY(poll(&p, 1, 5000));
  SAY(waitid(P_PIDFD, fd, &info, WEXITED));
  printf("%d %d %d\n", info.si_pid == pid, info.si_code, info.si_status);
  SAY(syscall(SYS_pidfd_send_signal, fd, SIGTERM, 0, 0));
  SAY(waitid(P_PIDFD, fd, &info, WEXITED));
  SAY(syscall(SYS_pidfd_open, pid, 0));
  SAY(syscall(SYS_pidfd_open, 0, 0));
  SAY(syscall(SYS_pidfd_open, getpid(), 1));
  SAY(waitid(P_PIDFD, 0, &info, WEXITED));
  SAY(syscall(SYS_pidfd_send_signal, 1, SIGTERM, 0, 0));
  int me = syscall(SYS_pidfd_open, getpid(), 0), f = file_with("x", "hello");
  int g = syscall(SYS_pidfd_getfd, me, f, 0);
  char b[6] = "";
  SAY(read(g, b, 5));
  SAY(lseek(f, 0, SEEK_CUR));
  SAY(syscall(SYS_pidfd_getfd, me, 99, 0));
}
