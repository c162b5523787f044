// clock_nanosleep, for a time and until one: what a signal makes of it.
#include "interrupt.h"
int main(void) {
  struct timespec t = {5, 0}, at;
  clock_gettime(CLOCK_REALTIME, &at), at.tv_sec += 5;
  INTERRUPTED(clock_nanosleep(CLOCK_MONOTONIC, 0, &t, 0));
  INTERRUPTED(clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &at, 0));
}
