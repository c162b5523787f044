// build: pie static musl
// flags: -lm
#include <complex.h>
#include <fenv.h>
#include <float.h>
#include <math.h>
#include <stdio.h>

#define EACH(f) printf(#f); for (unsigned i = 0; i < sizeof x / sizeof *x; i++) printf(" %a", f(x[i])); puts("")
#define EACHL(f) printf(#f); for (unsigned i = 0; i < sizeof x / sizeof *x; i++) printf(" %La", f((long double)x[i])); puts("")
#define EACHF(f) printf(#f); for (unsigned i = 0; i < sizeof x / sizeof *x; i++) printf(" %a", f((float)x[i])); puts("")

int main(void) {
  const double x[] = {0.0, -0.0, 0.5, 1, -1, 1.5, 2.5, -2.5, 0.1, 10.75, 1e-10, 1e10, 12345.678, 1e300, -INFINITY};
  EACH(sqrt); EACH(floor); EACH(ceil); EACH(trunc); EACH(round); EACH(rint); EACH(nearbyint); EACH(fabs);
  EACH(sin); EACH(cos); EACH(tan); EACH(asin); EACH(acos); EACH(atan); EACH(exp); EACH(exp2); EACH(expm1); EACH(log); EACH(log2);
  EACH(log10); EACH(log1p); EACH(sinh); EACH(cosh); EACH(tanh); EACH(cbrt); EACH(erf); EACH(lgamma); EACH(tgamma); EACH(logb);
  EACHL(sqrtl); EACHL(floorl); EACHL(ceill); EACHL(truncl); EACHL(rintl); EACHL(fabsl); EACHL(sinl); EACHL(cosl); EACHL(tanl);
  EACHL(atanl); EACHL(expl); EACHL(logl); EACHL(log2l); EACHL(cbrtl);
  EACHF(sqrtf); EACHF(sinf); EACHF(expf); EACHF(logf); EACHF(floorf); EACHF(rintf);
  printf("%a %a %a %a\n", pow(2, 0.5), pow(-8, 1.0 / 3), pow(1e-3, 100), pow(0, -1));
  printf("%a %a %a %a\n", fmod(10.5, 3), remainder(10.5, 3), hypot(3, 4), atan2(-1, -1));
  printf("%a %a %a %La\n", fma(2, 3, 4), ldexp(0.75, -1070), nextafter(1, 2), powl(2.0L, 0.5L));
  int exponent;
  double whole;
  printf("%a %d", frexp(48.5, &exponent), exponent);
  printf(" %a %a\n", modf(-3.75, &whole), whole);
  printf("%ld %lld %ld %d\n", lrint(2.5), llround(-2.5), lrintl(1e15L + 0.5L), ilogb(0.125));
  feclearexcept(FE_ALL_EXCEPT);
  volatile long double zero = 0, one = 1;
  volatile long double infinite = one / zero;
  printf("%d %d\n", !!fetestexcept(FE_DIVBYZERO), isinf((double)infinite) != 0);
  double complex z = csqrt(-4 + 0 * I), w = cexp(I * 3.14159265358979323846);
  printf("%g %g %g %g\n", creal(z), cimag(z), creal(w), cimag(w));
  volatile unsigned long long big = 0xfffffffffffffc01;
  printf("%a %a %La %llu\n", (double)big, (float)big, (long double)big, (unsigned long long)1.8446744073709550e19);
  __int128 product = (__int128)0x123456789abcdef * 0xfedcba987654321;
  printf("%llx%016llx %llx\n", (unsigned long long)(product >> 64), (unsigned long long)product, (unsigned long long)(product / 1000003));
  return 0;
}
