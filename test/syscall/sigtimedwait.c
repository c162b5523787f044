// takes a pending signal, waits, times out.
#include "say.h"
int main(void) {
  sigset_t m;
  siginfo_t i;
  sigemptyset(&m), sigaddset(&m, SIGUSR1);
  sigprocmask(SIG_BLOCK, &m, 0);
  struct timespec t = {0, 20000000};
  SAY(sigtimedwait(&m, &i, &t));
  raise(SIGUSR1);
  SAY(sigtimedwait(&m, &i, &t) == SIGUSR1);
  printf("%d %d\n", i.si_signo == SIGUSR1, i.si_pid == getpid());
  pid_t me = getpid(), pid = fork();
  if (pid == 0) { sleep_ms(10); kill(me, SIGUSR1); _exit(0); }
  SAY(sigwaitinfo(&m, &i) == SIGUSR1);
  SAY(i.si_pid == pid);
  reap(pid);
  t.tv_nsec = -1;
  SAY(sigtimedwait(&m, &i, &t));
}
