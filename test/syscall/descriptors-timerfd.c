// timerfd_settime, timerfd_gettime: descriptors of every kind.
#include "descriptors.h"
int main(void) {
  struct itimerspec t = {{0}};
  DESCRIPTORS(syscall(SYS_timerfd_settime, fd, 0, &t, 0L));
  DESCRIPTORS(syscall(SYS_timerfd_gettime, fd, &t));
}
