// every clock and its resolution.
#include "say.h"
int main(void) {
  struct timespec t;
  int clocks[] = {CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_PROCESS_CPUTIME_ID, CLOCK_THREAD_CPUTIME_ID, CLOCK_MONOTONIC_RAW, CLOCK_REALTIME_COARSE, CLOCK_MONOTONIC_COARSE, CLOCK_BOOTTIME};
  for (int i = 0; i < 8; i++) printf("%d %d\n", clock_gettime(clocks[i], &t), t.tv_nsec >= 0 && t.tv_nsec < 1000000000);
  SAY(clock_gettime(77, &t));
  SAY(clock_getres(CLOCK_REALTIME, &t));
  printf("%ld %ld\n", (long)t.tv_sec, t.tv_nsec);
  SAY(clock_settime(CLOCK_MONOTONIC, &t));
  SAY(time(0) > 1600000000);
  struct timeval v;
  SAY(gettimeofday(&v, 0));
}
