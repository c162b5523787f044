// Clocks that one can read but not sleep on, nor make timers of; alarm clocks without the right to wake a machine.
#include "say.h"
#include <sys/timerfd.h>
int main(void) {
  struct timespec some = {0, 1000};
  timer_t id;
  SAY(syscall(SYS_clock_nanosleep, CLOCK_MONOTONIC_RAW, 0, &some, 0L));
  SAY(syscall(SYS_clock_nanosleep, CLOCK_MONOTONIC_COARSE, 0, &some, 0L));
  SAY(syscall(SYS_clock_nanosleep, CLOCK_REALTIME_COARSE, 0, &some, 0L));
  SAY(syscall(SYS_clock_nanosleep, CLOCK_THREAD_CPUTIME_ID, 0, &some, 0L));
  SAY(syscall(SYS_clock_nanosleep, 99, 0, &some, 0L));
  SAY(syscall(SYS_timer_create, CLOCK_MONOTONIC_RAW, 0L, &id));
  SAY(syscall(SYS_timer_create, CLOCK_REALTIME_COARSE, 0L, &id));
  SAY(syscall(SYS_timer_create, 99, 0L, &id));
  SAY(setresuid(65534, 65534, 65534));
  SAY(syscall(SYS_timerfd_create, CLOCK_REALTIME_ALARM, 0));
  SAY(syscall(SYS_timerfd_create, CLOCK_BOOTTIME_ALARM, 0));
}
