// Timers that do not exist, and times that are none.
#include "say.h"
int main(void) {
  struct itimerspec s = {{0, 0}, {0, 1000000000}};
  int id;
  SAY(syscall(SYS_timer_settime, 77, 0, &s, 0L));
  SAY(syscall(SYS_timer_gettime, 77, &s));
  SAY(syscall(SYS_timer_getoverrun, 77));
  SAY(syscall(SYS_timer_delete, 77));
  SAY(syscall(SYS_timer_create, CLOCK_MONOTONIC, 0L, &id));
  s = (struct itimerspec){{0, 0}, {0, 1000000000}};
  SAY(syscall(SYS_timer_settime, id, 0, &s, 0L));
  SAY(syscall(SYS_timer_settime, id, 0, 8L, 0L));
  SAY(syscall(SYS_timer_gettime, id, 8L));
  SAY(syscall(SYS_timer_delete, id));
  SAY(syscall(SYS_timer_create, 99, 0L, &id));
  struct sigevent e = {.sigev_notify = 99};
  SAY(syscall(SYS_timer_create, CLOCK_MONOTONIC, &e, &id));
  e.sigev_notify = SIGEV_SIGNAL, e.sigev_signo = 99;
  SAY(syscall(SYS_timer_create, CLOCK_MONOTONIC, &e, &id));
}
