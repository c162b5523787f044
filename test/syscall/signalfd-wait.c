// A read that waits for a signal; epoll over a signalfd.
#include "say.h"
#include <sys/signalfd.h>
int main(void) {
  sigset_t m;
  struct signalfd_siginfo i;
  sigemptyset(&m), sigaddset(&m, SIGTERM);
  sigprocmask(SIG_BLOCK, &m, 0);
  int fd = signalfd(-1, &m, 0), e = epoll_create1(0);
  pid_t me = getpid(), pid = fork();
  if (pid == 0) { sleep_ms(20); kill(me, SIGTERM); _exit(0); }
  SAY(read(fd, &i, sizeof i));
  SAY(i.ssi_signo);
  reap(pid);
  struct epoll_event v = {EPOLLIN, {0}}, got;
  epoll_ctl(e, EPOLL_CTL_ADD, fd, &v);
  SAY(epoll_wait(e, &got, 1, 0));
  kill(me, SIGTERM);
  SAY(epoll_wait(e, &got, 1, 1000));
}
