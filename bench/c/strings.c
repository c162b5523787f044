// glibc's memcpy, memset and strlen over 64 KiB.
#include "timing.h"
#include <string.h>

#define SIZE 65536
static char from[SIZE + 1], to[SIZE + 1];
// The compiler is not to know what is called.
static void *(*volatile copy)(void *, const void *, size_t) = memcpy;
static void *(*volatile set)(void *, int, size_t) = memset;
static size_t (*volatile length)(const char *) = strlen;

int main(int argc, char **argv) {
  uint64_t seed = 11, sum = 0;
  for (int i = 0; i < SIZE; i++) from[i] = 1 + next_random(&seed) % 255;
  long count = scaled(argv, 120000);
  long start = now();
  for (long i = 0; i < count; i++) {
    copy(to, from, SIZE - (i & 63));
    sum += to[i % SIZE];
    from[i % SIZE] = 1 + (i & 127);
  }
  report("memcpy", count, start);
  start = now();
  for (long i = 0; i < count; i++) {
    set(to, i, SIZE - (i & 63));
    sum += to[i % SIZE];
  }
  report("memset", count, start);
  start = now();
  for (long i = 0; i < count; i++) sum += length(from + (i & 63));
  report("strlen", count, start);
  check("strings", sum);
  return 0;
}
