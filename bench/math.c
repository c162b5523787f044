// Functions of libm that glibc has in several versions, by CPUID.
#include <math.h>
#include <stdio.h>

int main(void) {
  double sum = 0;
  for (int i = 1; i <= 300000; i++) {
    double x = i * 1e-4;
    sum += sin(x) + exp(-x) + log(x) + pow(x, 1.5) + atan(x);
  }
  printf("%.12g\n", sum);
}
