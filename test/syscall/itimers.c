// the three timers, what getitimer says, disarming.
#include "say.h"
static volatile int got;
static void on(int s) { got = s; }
int main(void) {
  signal(SIGVTALRM, on), signal(SIGPROF, on), signal(SIGALRM, on);
  struct itimerval t = {{0, 0}, {0, 10000}}, o;
  setitimer(ITIMER_VIRTUAL, &t, 0);
  for (volatile long i = 0; got == 0; i++) ;
  SAY(got == SIGVTALRM);
  got = 0, setitimer(ITIMER_PROF, &t, 0);
  for (volatile long i = 0; got == 0; i++) ;
  SAY(got == SIGPROF);
  t.it_value.tv_sec = 100;
  setitimer(ITIMER_REAL, &t, 0);
  SAY(getitimer(ITIMER_REAL, &o));
  SAY(o.it_value.tv_sec >= 99);
  SAY(alarm(5));
  SAY(alarm(0));
  SAY(getitimer(9, &o));
  t.it_value.tv_usec = 1000000;
  SAY(setitimer(ITIMER_REAL, &t, 0));
}
