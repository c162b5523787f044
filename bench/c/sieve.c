// The sieve of Eratosthenes over bytes.
#include "timing.h"
#include <string.h>

#define MOST 2000000
static uint8_t composite[MOST + 1];

int main(int argc, char **argv) {
  long count = scaled(argv, 60), primes = 0;
  long start = now();
  for (long round = 0; round < count; round++) {
    memset(composite, 0, sizeof composite);
    for (long i = 2; i <= MOST; i++) {
      if (composite[i]) continue;
      primes++;
      for (long j = i * i; j <= MOST; j += i) composite[j] = 1;
    }
  }
  report("sieve", count, start);
  check("sieve", primes);
  return 0;
}
