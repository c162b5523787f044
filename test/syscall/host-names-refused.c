// Names and times of the machine that cannot be set because the arguments are not readable or make no sense.
#include "say.h"
#include <sys/klog.h>
int main(void) {
  struct timeval odd = {0, 2000000};
  SAY(syscall(SYS_sethostname, 8L, 5L));
  SAY(syscall(SYS_setdomainname, 8L, 5L));
  SAY(syscall(SYS_setdomainname, "x", -1L));
  SAY(syscall(SYS_setdomainname, "x", 65L));
  SAY(syscall(SYS_clock_settime, CLOCK_REALTIME, 8L));
  SAY(syscall(SYS_settimeofday, 8L, 0L));
  SAY(syscall(SYS_settimeofday, 0L, 8L));
  SAY(syscall(SYS_settimeofday, &odd, 0L));
  SAY(syscall(SYS_syslog, 99, 0L, 0L));
  SAY(syscall(SYS_syslog, 3, 0L, 0L));
  SAY(syscall(SYS_syslog, 3, &odd, -1L));
  SAY(syscall(SYS_syslog, 8, 0L, 9L));
}
