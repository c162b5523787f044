// build: pie static musl
#include <float.h>
#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <wchar.h>

int main(void) {
  printf("[%d] [%5d] [%-5d] [%05d] [%+d] [% d] [%.3d] [%*d] [%-*d]\n", -42, 42, 42, 42, 42, 42, 4, 6, 7, 6, 7);
  printf("[%i] [%u] [%o] [%#o] [%x] [%X] [%#x] [%#X]\n", INT_MIN, UINT_MAX, 511, 511, 48879, 48879, 48879, 48879);
  printf("[%hhd] [%hd] [%ld] [%lld] [%jd] [%zu] [%td]\n", 300, 70000, LONG_MIN, LLONG_MAX, INTMAX_MIN, (size_t)-1, (ptrdiff_t)-5);
  printf("[%c] [%5c] [%-5c] [%s] [%10s] [%-10s] [%.3s] [%%] [%p] [%p]\n", 'x', 'y', 'z', "text", "text", "text", "text", (void *)0x1234, (void *)0);
  const double values[] = {0.0, -0.0, 1.0, -1.5, 0.1, 1.0 / 3, 123456789.123456789, 1e-5, 9.9999995, 1e15, 1e16, 1e100, DBL_MIN, DBL_MAX, DBL_TRUE_MIN, INFINITY, -INFINITY, NAN};
  for (unsigned i = 0; i < sizeof values / sizeof *values; i++) {
    double v = values[i];
    printf("[%f] [%.0f] [%#.0f] [%10.3f] [%-10.3f] [%+f] [%e] [%.10E] [%g] [%#g] [%.17g] [%a] [%A] [%.3a]\n", v, v, v, v, v, v, v, v, v, v, v, v, v, v);
  }
  const long double longs[] = {0.0L, -1.0L, 1.0L / 3, 3.14159265358979323846264338327950288L, 1e4000L, LDBL_MIN, LDBL_MAX, LDBL_TRUE_MIN, INFINITY, NAN, 18446744073709551615.0L};
  for (unsigned i = 0; i < sizeof longs / sizeof *longs; i++) printf("[%Lf] [%Le] [%.21Lg] [%La]\n", longs[i], longs[i], longs[i], longs[i]);
  int n = 0;
  printf("abc%ndef\n", &n);
  printf("%d\n", n);
  printf("[%1$d %3$s %2$f]\n", 1, 2.5, "three");
  printf("[%ls] [%lc]\n", L"wide", (wint_t)L'w');
  printf("[%.100f]\n[%.60e]\n", 0.1, 1e300);
  char small[8];
  printf("%d %s\n", snprintf(small, sizeof small, "%s", "a long text"), small);
  return 0;
}
