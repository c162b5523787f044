// timerfd: expirations counted, intervals, disarming, absolute times, what is refused.
#include "say.h"
#include <sys/timerfd.h>
int main(void) {
  uint64_t n = 0;
  int fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
  struct itimerspec t = {{0, 0}, {0, 20000000}}, old;
  SAY(read(fd, &n, 8));
  SAY(timerfd_gettime(fd, &old));
  SAY(old.it_value.tv_nsec);
  SAY(timerfd_settime(fd, 0, &t, 0));
  SAY(timerfd_gettime(fd, &old));
  SAY(old.it_value.tv_nsec > 0 && old.it_value.tv_nsec <= 20000000);
  SAY(read(fd, &n, 8));
  struct pollfd p = {fd, POLLIN, 0};
  SAY(poll(&p, 1, 1000));
  SAY(read(fd, &n, 4));
  SAY(read(fd, &n, 8));
  SAY(n);
  t = (struct itimerspec){{0, 10000000}, {0, 10000000}};
  SAY(timerfd_settime(fd, 0, &t, 0));
  sleep_ms(55);
  SAY(read(fd, &n, 8));
  SAY(n >= 4 && n < 20);
  t = (struct itimerspec){{0, 0}, {0, 0}};
  SAY(timerfd_settime(fd, 0, &t, &old));
  SAY(old.it_interval.tv_nsec);
  SAY(poll(&p, 1, 30));
  int r = timerfd_create(CLOCK_REALTIME, 0);
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  t.it_value = now, t.it_value.tv_sec -= 5;
  SAY(timerfd_settime(r, TFD_TIMER_ABSTIME, &t, 0));
  SAY(read(r, &n, 8));
  SAY(timerfd_create(99, 0));
  SAY(timerfd_create(CLOCK_MONOTONIC, 1));
  t.it_value.tv_nsec = 1000000000;
  SAY(timerfd_settime(r, 0, &t, 0));
  SAY(timerfd_settime(0, 0, &t, 0));
  SAY(timerfd_settime(r, 8, &t, 0));
  SAY(write(r, &n, 8));
}
