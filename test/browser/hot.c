// Counts primes again and again: some millions of instructions a round.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char composite[300000];

int main(int argc, char **argv) {
  int rounds = argc > 1 ? atoi(argv[1]) : 1, found = 0;
  for (int round = 0; round < rounds; round++) {
    memset(composite, 0, sizeof composite);
    for (int i = 2; i < (int)sizeof composite; i++) {
      if (composite[i]) continue;
      found++;
      for (int j = 2 * i; j < (int)sizeof composite; j += i) composite[j] = 1;
    }
  }
  printf("%d\n", found);
  return 0;
}
