// System calls that do next to nothing.
#include <stdlib.h>
#include <unistd.h>
#include "timing.h"

int main(int argc, char **argv) {
  long count = atol(argv[1]);
  for (long i = 0; i < count / 10; i++) getppid();
  long start = now();
  for (long i = 0; i < count; i++) getppid();
  report("getppid", count, start);
  return 0;
}
