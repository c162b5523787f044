// Calls through a table of functions, in an order that is hard to guess.
#include "timing.h"

#define F(name, expression) \
  __attribute__((noinline)) static uint64_t name(uint64_t x, uint64_t y) { return expression; }
F(add, x + y)
F(mix, x * 31 ^ y)
F(turn, (x << 7 | x >> 57) + y)
F(subtract, x - (y >> 3))
F(both, (x & y) + (x | y) * 3)
F(flip, ~x + y)
F(far, x ^ (y << 13))
F(near, x + (x >> 9) + y)
static uint64_t (*volatile table[8])(uint64_t, uint64_t) = {add, mix, turn, subtract, both, flip, far, near};

int main(int argc, char **argv) {
  static uint8_t order[4096];
  uint64_t seed = 5, x = 1;
  for (int i = 0; i < 4096; i++) order[i] = next_random(&seed) & 7;
  long count = scaled(argv, 28000000);
  long start = now();
  for (long i = 0; i < count; i++) x = table[order[i & 4095]](x, i);
  report("indirect", count, start);
  check("indirect", x);
  return 0;
}
