// cpu: x86-64
// build: pie static
// flags: -O2 -lm
// 128-bit integers: products, quotients, shifts, conversions from and to floating point in all rounding modes.
#include <fenv.h>
#include <inttypes.h>
#include <stdio.h>

typedef unsigned __int128 u128;
typedef __int128 i128;

static uint64_t seed = 0x9e3779b97f4a7c15ull;
static uint64_t next(void) {
  seed ^= seed << 13, seed ^= seed >> 7;
  return seed ^= seed << 17;
}
static u128 number(void) {
  u128 x = (u128)next() << 64 | next();
  switch (next() % 6) {
    case 0: return x >> (next() % 128);
    case 1: return (u128)1 << (next() % 128);
    case 2: return ((u128)1 << (next() % 128)) - 1;
    case 3: return -((u128)next() >> (next() % 64));
    default: return x;
  }
}
static void show(u128 x) { printf(" %016" PRIx64 "%016" PRIx64, (uint64_t)(x >> 64), (uint64_t)x); }
static void decimal(u128 x) {
  char text[48], *at = text + sizeof text;
  *--at = 0;
  do *--at = '0' + (int)(x % 10), x /= 10;
  while (x);
  printf(" %s", at);
}

int main(void) {
  for (int i = 0; i < 3000; i++) {
    u128 x = number(), y = number();
    int n = next() % 128;
    show(x * y), show(x + y), show(x - y), show(x << n), show(x >> n), show((i128)x >> n), show(x << n | x >> (-n & 127));
    if (y) show(x / y), show(x % y);
    if (y && !(y == (u128)-1 && x == (u128)1 << 127)) show((i128)x / (i128)y), show((i128)x % (i128)y);
    decimal(x);
    u128 sum;
    i128 product, difference;
    printf(" %d%d%d", __builtin_add_overflow(x, y, &sum), __builtin_mul_overflow((i128)x, (i128)y, &product),
           __builtin_sub_overflow((i128)x, (i128)y, &difference));
    show(sum), show(product), show(difference);
    printf(" %d%d%d%d %d %d %d\n", x < y, (i128)x < (i128)y, x == y, (i128)x <= (i128)y, (int)__builtin_popcountll(x >> 64),
           (uint64_t)x ? __builtin_ctzll(x) : -1, x >> 64 ? __builtin_clzll(x >> 64) : -1);
  }
  for (int mode = 0; mode < 4; mode++) {
    fesetround(mode << 10);
    for (int i = 0; i < 200; i++) {
      volatile u128 x = number();
      volatile i128 y = (i128)number();
      volatile double d = (double)x;
      volatile float f = (float)y;
      volatile long double l = (long double)x;
      printf("%a %a %La %a %a", d, f, l, (double)y, (float)x);
      if (d < 0x1p127) show((u128)d), show((i128)(d / -3));
      if (f > -0x1p126f && f < 0x1p126f) show((i128)f);
      if (l < 0x1p127L) show((u128)l);
      printf("\n");
    }
  }
  return 0;
}
