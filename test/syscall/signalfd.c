// A signalfd reads blocked signals; siginfo's members; changed masks; what is refused.
#include "say.h"
#include <sys/signalfd.h>
int main(void) {
  sigset_t m;
  struct signalfd_siginfo i;
  sigemptyset(&m), sigaddset(&m, SIGUSR1), sigaddset(&m, SIGRTMIN), sigaddset(&m, SIGCHLD);
  sigprocmask(SIG_BLOCK, &m, 0);
  int fd = signalfd(-1, &m, SFD_NONBLOCK | SFD_CLOEXEC);
  SAY(read(fd, &i, sizeof i));
  SAY(ready(fd));
  kill(getpid(), SIGUSR1);
  SAY(ready(fd));
  SAY(read(fd, &i, 10));
  SAY(read(fd, &i, sizeof i));
  printf("%u %d %d %d\n", i.ssi_signo, i.ssi_code, i.ssi_pid == getpid(), i.ssi_uid == getuid());
  union sigval v = {.sival_int = 42};
  sigqueue(getpid(), SIGRTMIN, v);
  v.sival_int = 43;
  sigqueue(getpid(), SIGRTMIN, v);
  struct signalfd_siginfo two[3];
  SAY(read(fd, two, sizeof two));
  printf("%d %d %d\n", two[0].ssi_int, two[1].ssi_int, two[0].ssi_code);
  pid_t pid = fork();
  if (pid == 0) _exit(3);
  struct pollfd p = {fd, POLLIN, 0};
  SAY(poll(&p, 1, 5000));
  SAY(read(fd, &i, sizeof i));
  printf("%u %d %d %d\n", i.ssi_signo, i.ssi_code, i.ssi_status, i.ssi_pid == (unsigned)pid);
  sigemptyset(&m), sigaddset(&m, SIGUSR2);
  SAY(signalfd(fd, &m, 0) == fd);
  kill(getpid(), SIGUSR1);
  SAY(ready(fd));
  SAY(signalfd(0, &m, 0));
  SAY(signalfd(-1, &m, 1));
  SAY(syscall(SYS_signalfd4, -1, &m, 4, 0));
  SAY(write(fd, "x", 1));
}
