// blocked signals wait, are seen pending, and come with the mask.
#include "say.h"
static volatile int got;
static void on(int s) { got += s; }
int main(void) {
  sigset_t m, old, p;
  signal(SIGUSR1, on);
  sigemptyset(&m), sigaddset(&m, SIGUSR1), sigaddset(&m, SIGKILL);
  SAY(sigprocmask(SIG_BLOCK, &m, &old));
  sigprocmask(0, 0, &p);
  printf("%d %d\n", sigismember(&p, SIGUSR1), sigismember(&p, SIGKILL));
  raise(SIGUSR1), raise(SIGUSR1);
  SAY(got);
  sigpending(&p);
  SAY(sigismember(&p, SIGUSR1));
  SAY(sigprocmask(SIG_SETMASK, &old, 0));
  SAY(got == SIGUSR1);
  SAY(sigprocmask(99, &m, 0));
  SAY(syscall(SYS_rt_sigprocmask, 0, &m, 0, 4));
}
