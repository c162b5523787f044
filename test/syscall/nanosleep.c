// time passes, what is left, what is refused.
#include "say.h"
static void on(int s) { (void)s; }
int main(void) {
  struct timespec a, b, t = {0, 20000000}, rest;
  clock_gettime(CLOCK_MONOTONIC, &a);
  SAY(nanosleep(&t, 0));
  clock_gettime(CLOCK_MONOTONIC, &b);
  SAY((b.tv_sec - a.tv_sec) * 1000000000L + b.tv_nsec - a.tv_nsec >= 20000000);
  struct sigaction s = {.sa_handler = on};
  sigaction(SIGALRM, &s, 0);
  struct itimerval i = {{0, 0}, {0, 10000}};
  setitimer(ITIMER_REAL, &i, 0);
  t.tv_sec = 5;
  SAY(nanosleep(&t, &rest));
  SAY(rest.tv_sec >= 4);
  t.tv_nsec = 1000000000;
  SAY(nanosleep(&t, 0));
  t.tv_nsec = 0, t.tv_sec = -1;
  SAY(nanosleep(&t, 0));
  clock_gettime(CLOCK_MONOTONIC, &t);
  SAY(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, 0));
  SAY(clock_nanosleep(99, 0, &t, 0));
}
