// What only root may set of the machine.
#include "say.h"
int main(void) {
  setresgid(1000, 1000, 1000), setresuid(1000, 1000, 1000);
  struct timespec t = {0, 0};
  struct timeval v = {0, 0};
  SAY(syscall(SYS_sethostname, "x", 1L));
  SAY(syscall(SYS_setdomainname, "x", 1L));
  SAY(syscall(SYS_settimeofday, &v, 0L));
  SAY(syscall(SYS_clock_settime, CLOCK_REALTIME, &t));
  SAY(syscall(SYS_clock_settime, CLOCK_MONOTONIC, &t));
  SAY(syscall(SYS_chroot, "."));
  SAY(syscall(SYS_syslog, 5, 0L, 0));
  SAY(syscall(SYS_setgroups, 0, 0L));
  SAY(syscall(SYS_setuid, 0));
  SAY(syscall(SYS_setgid, 0));
  SAY(syscall(SYS_setreuid, 0, 0));
  SAY(syscall(SYS_setregid, 0, 0));
  SAY(syscall(SYS_setresuid, 0, 0, 0));
  SAY(syscall(SYS_setresgid, 0, 0, 0));
  SAY(nice(-5));
}
