// System calls that do little: what it costs to reach the kernel and come back.
#define _GNU_SOURCE
#include "timing.h"
#include <fcntl.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PART(name, factor, statement) \
  do { \
    long count = scaled(argv, (long)(1200000 / (factor))), start = now(); \
    for (long i = 0; i < count; i++) statement; \
    report(name, count, start); \
  } while (0)

int main(int argc, char **argv) {
  static char buffer[4096];
  static int word;
  struct timespec time;
  uint64_t sum = 0;
  int ends[2], zero = open("/dev/zero", O_RDONLY), parent = getppid();
  if (zero < 0 || pipe(ends) < 0) return 1;
  PART("getppid", 1, sum += getppid() == parent);
  PART("clock_gettime", 0.2, sum += clock_gettime(CLOCK_MONOTONIC, &time) == 0);
  PART("read /dev/zero", 3, sum += read(zero, buffer, sizeof buffer));
  PART("pipe write+read", 6, sum += write(ends[1], buffer, 1) + read(ends[0], buffer, 1));
  PART("futex wake", 3, sum += syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, 1, 0, 0, 0) == 0);
  check("syscalls", sum);
  return 0;
}
