// real-time signals queue in order, lower numbers first.
#include "say.h"
static int seen[10], n;
static void on(int s, siginfo_t *i, void *c) { seen[n++] = (s - SIGRTMIN) * 100 + i->si_value.sival_int; (void)c; }
int main(void) {
  struct sigaction a = {.sa_sigaction = on, .sa_flags = SA_SIGINFO};
  sigset_t m, none;
  sigemptyset(&none), sigfillset(&m), sigprocmask(SIG_BLOCK, &m, 0);
  sigfillset(&a.sa_mask);
  for (int s = 0; s < 3; s++) sigaction(SIGRTMIN + s, &a, 0);
  union sigval v;
  for (int k = 0; k < 2; k++) for (int s = 2; s >= 0; s--) v.sival_int = k, sigqueue(getpid(), SIGRTMIN + s, v);
  sigprocmask(SIG_SETMASK, &none, 0);
  for (int k = 0; k < n; k++) printf("%d ", seen[k]);
  puts("");
  SAY(sigqueue(getpid(), 99, v));
  SAY(sigqueue(99999, 0, v));
}
