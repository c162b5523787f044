// cpu: x86-64-v3
// flags: -O3 -march=x86-64-v3 -ffast-math -lm
// Vectorised loops of a compiler that may do as it likes with floating point, and libm's variants for FMA.
#include <complex.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define N 64
static double m[N][N], n[N][N], r[N][N];
static float signal[4096], out[4096];

__attribute__((noinline)) static void multiply(void) {
  for (int i = 0; i < N; i++)
    for (int k = 0; k < N; k++)
      for (int j = 0; j < N; j++) r[i][j] += m[i][k] * n[k][j];
}
__attribute__((noinline)) static float filter(void) {
  float energy = 0;
  for (int i = 8; i < 4096 - 8; i++) {
    float sum = 0;
    for (int j = -8; j <= 8; j++) sum += signal[i + j] * (1.0f / (1 + j * j));
    out[i] = sum;
    energy += sum * sum;
  }
  return energy;
}
__attribute__((noinline)) static int mandelbrot(double complex c) {
  double complex z = 0;
  int i = 0;
  while (i < 200 && creal(z) * creal(z) + cimag(z) * cimag(z) < 4) z = z * z + c, i++;
  return i;
}

int main(void) {
  for (int i = 0; i < N; i++)
    for (int j = 0; j < N; j++) m[i][j] = (i * 7 + j * 3) % 11 / 3.0, n[i][j] = (i * 5 - j) % 13 / 7.0;
  for (int i = 0; i < 4096; i++) signal[i] = sinf(i * 0.01f) + (i * 2654435761u % 1000) / 1000.0f;
  multiply();
  printf("%a %a %a\n", r[0][0], r[31][17], r[63][63]);
  printf("%a %a\n", filter(), out[777]);
  for (int y = -10; y <= 10; y += 2) {
    for (int x = -20; x <= 10; x++) printf("%c", " .:-=+*#%@"[mandelbrot(x / 10.0 + y / 10.0 * I) * 9 / 200]);
    printf("|\n");
  }
  for (double x = 0.1; x < 50; x = x * 1.7 + 0.3) printf("%a %a %a %a %a %a\n", exp(-x), log(x), pow(x, 1.1), sin(x), tan(x), atan(x));
  for (float x = 0.1f; x < 50; x = x * 1.7f + 0.3f) printf("%a %a %a %a\n", expf(-x), logf(x), powf(x, 1.1f), sinf(x));
  printf("%a %a %a\n", rint(2.5), floor(-0.5), ceil(1e10 + 0.5));
  return 0;
}
