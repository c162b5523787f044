// Two functions, one with three times the work of the other; a child with its own; a sleep.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define BUSY(name, constant) \
  __attribute__((noinline)) uint64_t name(long count) { \
    uint64_t x = 1; \
    for (long i = 0; i < count; i++) x = x * constant ^ x >> 7; \
    return x; \
  }
BUSY(light, 31)
BUSY(heavy, 33)
BUSY(in_child, 35)

int main(int argc, char **argv) {
  long count = atol(argv[1]);
  uint64_t sum = 0;
  for (int i = 0; i < 100; i++) sum += light(count / 100 + i) + heavy(3 * count / 100 + i);
  pid_t child = fork();
  if (child == 0) _exit(in_child(2 * count) == 0);
  waitpid(child, NULL, 0);
  usleep(200000);
  printf("%lu\n", (unsigned long)sum);
  return 0;
}
