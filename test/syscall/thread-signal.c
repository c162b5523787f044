// pthread_kill reaches one thread, a process signal any that does not block it.
#include "say.h"
static pthread_t main_thread;
static volatile int where;
static void on(int s) { where = 1 + (pthread_self() == main_thread); (void)s; }
static void *run(void *x) { while (!where) sleep_ms(1); return x; }
int main(void) {
  main_thread = pthread_self();
  signal(SIGUSR1, on);
  pthread_t t;
  pthread_create(&t, 0, run, 0);
  SAY(pthread_kill(t, SIGUSR1));
  pthread_join(t, 0);
  SAY(where);
  where = 0;
  pthread_create(&t, 0, run, 0);
  sigset_t m;
  sigemptyset(&m), sigaddset(&m, SIGUSR1), pthread_sigmask(SIG_BLOCK, &m, 0);
  kill(getpid(), SIGUSR1);
  pthread_join(t, 0);
  SAY(where);
}
