// Products of square matrices of doubles, the second one transposed first.
#include "timing.h"
#include <string.h>

#define N 240
static double a[N][N], b[N][N], t[N][N], c[N][N];

static void multiply(void) {
  for (int i = 0; i < N; i++)
    for (int j = 0; j < N; j++) t[j][i] = b[i][j];
  for (int i = 0; i < N; i++)
    for (int j = 0; j < N; j++) {
      double sum = 0;
      for (int k = 0; k < N; k++) sum += a[i][k] * t[j][k];
      c[i][j] = sum;
    }
}

int main(int argc, char **argv) {
  for (int i = 0; i < N; i++)
    for (int j = 0; j < N; j++) a[i][j] = (i - j) * (i + j) / 1000.0, b[i][j] = (i - 2 * j) / 100.0;
  long count = scaled(argv, 20);
  uint64_t bits, sum = 0;
  long start = now();
  for (long i = 0; i < count; i++) {
    multiply();
    for (int j = 0; j < N; j++) memcpy(&bits, &c[j][i % N], 8), sum = sum * 31 + bits;
    a[i % N][i % N] += 1;
  }
  report("matmul", count, start);
  check("matmul", sum);
  return 0;
}
