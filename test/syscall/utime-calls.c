// utime, utimes, futimesat: whole seconds, microseconds, now, ill-formed times.
#include "say.h"
#include <utime.h>
static void show(void) {
  struct stat s;
  stat("f", &s);
  printf("%ld.%09ld %ld.%09ld\n", s.st_atim.tv_sec, s.st_atim.tv_nsec, s.st_mtim.tv_sec, s.st_mtim.tv_nsec);
}
int main(void) {
  close(file_with("f", "x"));
  struct utimbuf u = {1000, 2000};
  struct timeval t[2] = {{3000, 123456}, {4000, 654321}}, bad[2] = {{0, 1000000}, {0, 0}};
  SAY(syscall(SYS_utime, "f", &u));
  show();
  SAY(syscall(SYS_utimes, "f", t));
  show();
  SAY(syscall(SYS_utimes, "f", bad));
  show();
  t[0].tv_sec = 5000;
  SAY(syscall(SYS_futimesat, AT_FDCWD, "f", t));
  show();
  SAY(syscall(SYS_futimesat, AT_FDCWD, "f", bad));
  show();
  SAY(syscall(SYS_utime, "f", 8L));
  SAY(syscall(SYS_utimes, "f", 8L));
  SAY(chmod("f", 0644));
  setuid(1000);
  SAY(syscall(SYS_utime, "f", &u));
  SAY(syscall(SYS_utime, "f", 0L));
  SAY(syscall(SYS_utimes, "f", t));
}
