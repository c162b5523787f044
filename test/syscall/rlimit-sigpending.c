// RLIMIT_SIGPENDING: queued real-time signals are counted, standard ones always go.
#include "say.h"
int main(void) {
  struct rlimit three = {3, 3};
  setresuid(4321, 4321, 4321);
  sigset_t set;
  sigfillset(&set), sigprocmask(SIG_SETMASK, &set, 0);
  SAY(setrlimit(RLIMIT_SIGPENDING, &three));
  for (int i = 0; i < 5; i++) SAY(sigqueue(getpid(), SIGRTMIN + 1, (union sigval){i}));
  SAY(sigqueue(getpid(), SIGRTMIN + 2, (union sigval){0}));
  SAY(kill(getpid(), SIGUSR1));
  struct timespec none = {0, 0};
  siginfo_t info;
  for (int i = 0; i < 5; i++) {
    int s = sigtimedwait(&set, &info, &none);
    printf("%d %d\n", s > 0 ? s - (s == SIGUSR1 ? 0 : SIGRTMIN) : s, s > SIGRTMIN ? info.si_value.sival_int : 0);
  }
}
