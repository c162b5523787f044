// read of a timerfd that is not armed: what a signal makes of it.
#include "interrupt.h"
#include <sys/timerfd.h>
int main(void) {
  int t = timerfd_create(CLOCK_MONOTONIC, 0);
  uint64_t v;
  INTERRUPTED(read(t, &v, 8));
}
