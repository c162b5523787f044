// Runs itself again and again, so that each process finds the same code at other addresses: calls into the C library and back,
// a jump table, data that lies beside the code, and a function whose code differs from process to process.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static long counts[8];
static const char *const names[] = {"nothing", "one", "some", "many"};

__asm__(".p2align 12\n.globl own\nown: movl $1, %eax\nret\n.p2align 12");
extern int own(void);

static int compare(const void *a, const void *b) {
  counts[0]++;
  return *(const int *)a - *(const int *)b;
}

__attribute__((noinline)) static long choose(int which, long value) {
  switch (which) {
  case 0: return value + counts[0];
  case 1: return value * 3;
  case 2: return value ^ 0x5555;
  case 3: return value - (long)strlen(names[value & 3]);
  case 4: return value << 1;
  case 5: return value / 7;
  case 6: return ~value;
  default: return value;
  }
}

/** An interpreter whose operations jump to the next one by themselves, and which computes with numbers of both kinds. */
__attribute__((noinline)) static long interpret(const unsigned char *code, double *numbers, long value) {
  static void *const table[] = {&&add, &&multiply, &&halve, &&compare, &&end};
  int at = 0;
#define NEXT goto *table[code[at++]]
  NEXT;
add: value += at; numbers[0] += 1.5; NEXT;
multiply: value *= 3; numbers[1] *= 0.5; NEXT;
halve: value >>= 1; numbers[2] -= numbers[0]; NEXT;
compare: if (numbers[2] < numbers[1]) value++; NEXT;
end: return value & 0xffffff;
}

int main(int argc, char **argv) {
  if (argc != 3) return 2;
  int left = atoi(argv[1]), rounds = atoi(argv[2]);
  // Its number is told to it by the code.
  unsigned char *code = (unsigned char *)own;
  if (mprotect(code, 4096, PROT_READ | PROT_WRITE | PROT_EXEC)) return 1;
  code[1] = left;
  if (mprotect(code, 4096, PROT_READ | PROT_EXEC)) return 1;
  long sum = 0;
  unsigned seed = 1;
  for (int round = 0; round < rounds; round++) {
    int numbers[100];
    for (int i = 0; i < 100; i++) numbers[i] = (seed = seed * 1103515245 + 12345) >> 8;
    qsort(numbers, 100, sizeof *numbers, compare);
    for (int i = 0; i < 100; i++) sum = choose(numbers[i] & 7, sum + numbers[i]) & 0xffffffffffff;
    for (int i = 0; i < 100; i++) sum += own();
    double cells[] = {round, 1e6, 3};
    for (int i = 0; i < 20; i++) sum += interpret((unsigned char[]){0, 1, 2, 3, 0, 0, 1, 3, 2, 2, 3, 1, 4}, cells, sum);
    sum += (long)(cells[0] + cells[2]);
  }
  printf("%d %ld %ld\n", left, sum, counts[0]);
  fflush(stdout);
  if (left == 0) return 0;
  char next[16];
  snprintf(next, sizeof next, "%d", left - 1);
  return execv("/proc/self/exe", (char *[]){argv[0], next, argv[2], NULL});
}
