// The largest singular value of the matrix 1 / ((i + j)(i + j + 1) / 2 + i + 1) by power iteration, entries made as needed.
#include "timing.h"
#include <math.h>
#include <string.h>

#define N 500
static double u[N], v[N], w[N];

static double entry(int i, int j) { return 1.0 / ((i + j) * (i + j + 1) / 2 + i + 1); }

static void times(const double *in, double *out, int is_transposed) {
  for (int i = 0; i < N; i++) {
    double sum = 0;
    for (int j = 0; j < N; j++) sum += (is_transposed ? entry(j, i) : entry(i, j)) * in[j];
    out[i] = sum;
  }
}

int main(int argc, char **argv) {
  long count = scaled(argv, 120);
  for (int i = 0; i < N; i++) u[i] = 1;
  long start = now();
  for (long i = 0; i < count; i++) {
    times(u, w, 0), times(w, v, 1);
    times(v, w, 0), times(w, u, 1);
    double square = 0;
    for (int j = 0; j < N; j++) square += u[j] * u[j];
    for (int j = 0; j < N; j++) u[j] /= sqrt(square);
  }
  report("spectral-norm", count, start);
  uint64_t bits, sum = 0;
  for (int i = 0; i < N; i++) memcpy(&bits, u + i, 8), sum = sum * 31 + bits;
  check("spectral-norm", sum);
  return 0;
}
