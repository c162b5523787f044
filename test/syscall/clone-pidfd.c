// CLONE_PIDFD, by clone and clone3: the descriptor, what goes with it.
#include "say.h"
#include <linux/sched.h>
static long raw(long flags, int *fd) { return syscall(SYS_clone, flags, 0L, fd, 0L, 0L); }
int main(void) {
  int fd = -1;
  pid_t pid = raw(CLONE_PIDFD | SIGCHLD, &fd);
  if (pid == 0) _exit(3);
  printf("%d %d\n", fd, fcntl(fd, F_GETFD));
  struct pollfd p = {fd, POLLIN, 0};
  SAY(poll(&p, 1, 5000));
  siginfo_t info = {0};
  SAY(waitid(P_PIDFD, fd, &info, WEXITED));
  printf("%d %d\n", info.si_pid == pid, info.si_status);
  SAY(raw(CLONE_PIDFD | CLONE_PARENT_SETTID | SIGCHLD, &fd));
  SAY(raw(CLONE_PIDFD | SIGCHLD, (int *)8));
  struct clone_args a = {.flags = CLONE_PIDFD, .pidfd = (uintptr_t)&fd, .exit_signal = SIGCHLD};
  pid = syscall(SYS_clone3, &a, sizeof a);
  if (pid == 0) for (;;) pause();
  SAY(syscall(SYS_pidfd_send_signal, fd, SIGKILL, 0L, 0));
  reap(pid);
  a.flags |= CLONE_DETACHED;
  SAY(syscall(SYS_clone3, &a, sizeof a));
}
