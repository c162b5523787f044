// Much code, and code that changes: 100,000 functions that all run often, and a page that is written anew before each call.
#include "timing.h"
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define FUNCTIONS 100000
#define STRIDE 32

// Each goes round by itself as often as its argument says.
__asm__(".text\n.p2align 5\n.globl functions\nfunctions:\n"
        ".set n, 0\n.rept 100000\n.p2align 5\n"
        "mov $n, %eax\n1: lea n(%rax,%rax,2), %eax\nxor %edi, %eax\ndec %edi\njnz 1b\nret\n"
        ".set n, n + 1\n.endr\n");
extern unsigned char functions[];

typedef unsigned Function(unsigned);

static unsigned call(int n) { return ((Function *)(functions + (size_t)STRIDE * n))(1000); }

/** Each one until it is hot, then the next. */
static unsigned in_turn(int count, int rounds) {
  unsigned sum = 0;
  for (int n = 0; n < count; n++)
    for (int round = 0; round < rounds; round++) sum += call(n);
  return sum;
}

/** All of them again and again. */
static unsigned in_rounds(int count, int rounds) {
  unsigned sum = 0;
  for (int round = 0; round < rounds; round++)
    for (int n = 0; n < count; n++) sum += call(n);
  return sum;
}

static unsigned rewrite(unsigned char *page, int times) {
  unsigned sum = 0;
  for (int i = 0; i < times; i++) {
    // lea eax, [rdi + i]; ret
    memcpy(page, (unsigned char[]){0x8d, 0x87, i, i >> 8, i >> 16, 0, 0xc3}, 7);
    sum += ((Function *volatile)page)(i);
  }
  return sum;
}

/** `code SCALE [FUNCTIONS]` */
int main(int argc, char **argv) {
  int count = argc > 2 ? atoi(argv[2]) : FUNCTIONS;
  if (count < 1 || count > FUNCTIONS) return 1;
  int rounds = scaled(argv, 12), times = 10 * count;
  unsigned char *page = mmap(0, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED) return 1;
  long start = now();
  uint64_t sum = in_turn(count, rounds);
  report("functions in turn", count, start);
  start = now();
  sum = sum * 31 + in_rounds(count, rounds);
  report("functions in rounds", count, start);
  start = now();
  sum = sum * 31 + rewrite(page, times);
  report("page rewritten", times, start);
  check("code", sum);
  return 0;
}
