// Time of a part of a benchmark, printed as `<part> <operations> <nanoseconds>`.
#include <stdio.h>
#include <time.h>

static inline long now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000L + t.tv_nsec;
}

static inline void report(const char *part, long operations, long start) { printf("%s %ld %ld\n", part, operations, now() - start); }
