// Recursive calls.
#include "timing.h"

__attribute__((noinline, optimize("no-optimize-sibling-calls"))) static long fib(long n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }

int main(int argc, char **argv) {
  long count = scaled(argv, 5);
  uint64_t sum = 0;
  long start = now();
  for (long i = 0; i < count; i++) sum += fib(34 + i % 2);
  report("fib", count, start);
  check("fib", sum);
  return 0;
}
