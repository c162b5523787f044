// times to the nanosecond, now, and left alone.
#include "say.h"
int main(void) {
  struct stat s;
  close(file_with("f", "x"));
  struct timespec t[2] = {{1000000000, 123456789}, {1500000000, 987654321}};
  SAY(utimensat(AT_FDCWD, "f", t, 0));
  stat("f", &s);
  printf("%ld.%09ld %ld.%09ld\n", s.st_atim.tv_sec, s.st_atim.tv_nsec, s.st_mtim.tv_sec, s.st_mtim.tv_nsec);
  t[0].tv_nsec = UTIME_OMIT, t[1].tv_nsec = UTIME_NOW;
  SAY(utimensat(AT_FDCWD, "f", t, 0));
  stat("f", &s);
  printf("%ld %d\n", s.st_atim.tv_sec, s.st_mtim.tv_sec > 1600000000);
  t[0].tv_nsec = 1000000000;
  SAY(utimensat(AT_FDCWD, "f", t, 0));
  SAY(utimensat(AT_FDCWD, "none", 0, 0));
  SAY(utimensat(AT_FDCWD, "f", 0, 77));
  SAY(futimens(open("f", O_RDONLY), 0));
}
