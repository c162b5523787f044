// Every condition after a comparison of floating-point numbers: as a byte, as a branch, and with the flags stored.
#include <math.h>
#include <stdint.h>
#include <stdio.h>

#define CONDITIONS(X) X(o) X(no) X(b) X(ae) X(e) X(ne) X(be) X(a) X(s) X(ns) X(p) X(np) X(l) X(ge) X(le) X(g)
#define SET(cc) \
  { \
    unsigned char byte; \
    asm volatile(COMPARE " %2, %1\n\tset" #cc " %0" : "=r"(byte) : "x"(x), "x"(y) : "cc"); \
    bits = bits << 1 | byte; \
  }
#define JUMP(cc) \
  { \
    int taken = 1; \
    asm volatile(COMPARE " %2, %1\n\tj" #cc " 1f\n\tmov $0, %0\n1:" : "+r"(taken) : "x"(x), "x"(y) : "cc"); \
    bits = bits << 1 | taken; \
  }
/* The flags meet others before they are read. */
#define MEET(cc) \
  { \
    unsigned char byte; \
    asm volatile("test %3, %3\n\tjz 1f\n\t" COMPARE " %2, %1\n1:\tset" #cc " %0" : "=r"(byte) : "x"(x), "x"(y), "r"(i & 1) : "cc"); \
    bits = bits << 1 | byte; \
  }

#define FUNCTION(name, type, conditions, what) \
  __attribute__((noinline)) static uint32_t name(type x, type y, int i) { \
    uint32_t bits = 0; \
    (void)i; \
    conditions(what) return bits; \
  }

#define COMPARE "ucomisd"
FUNCTION(set64, double, CONDITIONS, SET)
FUNCTION(jump64, double, CONDITIONS, JUMP)
FUNCTION(meet64, double, CONDITIONS, MEET)
#undef COMPARE
#define COMPARE "comiss"
FUNCTION(set32, float, CONDITIONS, SET)
FUNCTION(jump32, float, CONDITIONS, JUMP)
FUNCTION(meet32, float, CONDITIONS, MEET)

__attribute__((noinline)) static uint32_t flags(double x, double y) {
  uint64_t result;
  asm volatile("ucomisd %2, %1\n\tpushf\n\tpop %0" : "=r"(result) : "x"(x), "x"(y) : "cc");
  return result & 0x8d5;
}

int main(void) {
  const double numbers[] = {0, -0.0, 1, -1, 0x1p-1070, INFINITY, -INFINITY, NAN, 3.5};
  const int count = sizeof numbers / sizeof *numbers;
  uint64_t sum = 0;
  for (int round = 0; round < 100; round++)
    for (int i = 0; i < count; i++)
      for (int k = 0; k < count; k++) {
        double x = numbers[i], y = numbers[k];
        uint32_t results[] = {set64(x, y, i), jump64(x, y, i), meet64(x, y, k), set32(x, y, i), jump32(x, y, i), meet32(x, y, k), flags(x, y)};
        for (int n = 0; n < 7; n++) sum = sum * 31 + results[n];
        if (round == 99) {
          printf("%g %g:", x, y);
          for (int n = 0; n < 7; n++) printf(" %x", results[n]);
          puts("");
        }
      }
  printf("%lx\n", sum);
}
