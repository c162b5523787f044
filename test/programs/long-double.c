// cpu: x86-64
// build: pie static
// flags: -O1 -lm
// Long double math of libm and printf: every bit of the results, but where libm's are those of an x87 transcendental
// instruction, whose last bits are the CPU's own.
#define _GNU_SOURCE
#include <fenv.h>
#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static uint64_t seed = 88172645463325252ull;
static uint64_t next(void) {
  seed ^= seed << 13, seed ^= seed >> 7;
  return seed ^= seed << 17;
}
static long double number(int range) {
  long double x = ldexpl((long double)(next() | 1ull << 63), (int)(next() % range) - range / 2 - 63);
  return next() & 1 ? x : -x;
}

static const struct { const char *name; long double (*f)(long double); const char *format; } UNARY[] = {
    {"sin", sinl, "%La"}, {"cos", cosl, "%La"}, {"tan", tanl, "%La"}, {"asin", asinl, "%La"}, {"acos", acosl, "%La"}, {"atan", atanl, "%.13Le"}, {"sinh", sinhl, "%.13Le"},
    {"cosh", coshl, "%.13Le"}, {"tanh", tanhl, "%.13Le"}, {"asinh", asinhl, "%.13Le"}, {"acosh", acoshl, "%.13Le"}, {"atanh", atanhl, "%.13Le"}, {"exp", expl, "%.13Le"}, {"exp2", exp2l, "%.13Le"},
    {"exp10", exp10l, "%.13Le"}, {"expm1", expm1l, "%.13Le"}, {"log", logl, "%.13Le"}, {"log2", log2l, "%.13Le"}, {"log10", log10l, "%.13Le"}, {"log1p", log1pl, "%.13Le"}, {"sqrt", sqrtl, "%La"},
    {"cbrt", cbrtl, "%La"}, {"erf", erfl, "%.13Le"}, {"erfc", erfcl, "%.13Le"}, {"tgamma", tgammal, "%.13Le"}, {"lgamma", lgammal, "%.13Le"}, {"ceil", ceill, "%La"}, {"floor", floorl, "%La"},
    {"trunc", truncl, "%La"}, {"round", roundl, "%La"}, {"rint", rintl, "%La"}, {"nearbyint", nearbyintl, "%La"}, {"logb", logbl, "%La"}, {"fabs", fabsl, "%La"}, {"j0", j0l, "%.13Le"}};
static const struct { const char *name; long double (*f)(long double, long double); const char *format; } BINARY[] = {
    {"pow", powl, "%.13Le"}, {"fmod", fmodl, "%La"}, {"remainder", remainderl, "%La"}, {"atan2", atan2l, "%.13Le"}, {"hypot", hypotl, "%La"}, {"fmax", fmaxl, "%La"},
    {"fmin", fminl, "%La"}, {"fdim", fdiml, "%La"}, {"copysign", copysignl, "%La"}, {"nextafter", nextafterl, "%La"}};

int main(void) {
  static const long double EDGES[] = {0, -0.0L, 1, -1, 0.5L, 2, 3, 1e-4950L, LDBL_MIN, LDBL_MAX, LDBL_EPSILON, INFINITY, -INFINITY, NAN, M_PIl, 1e20L, 11000, -11500};
  enum { COUNT = sizeof EDGES / sizeof *EDGES };
  for (size_t i = 0; i < sizeof UNARY / sizeof *UNARY; i++) {
    for (int n = 0; n < COUNT + 60; n++) {
      long double x = n < COUNT ? EDGES[n] : number(n % 2 ? 12 : 80);
      feclearexcept(FE_ALL_EXCEPT);
      volatile long double y = UNARY[i].f(x);
      int set = fetestexcept(FE_ALL_EXCEPT & ~FE_INEXACT);
      printf("%s %La = ", UNARY[i].name, x);
      printf(UNARY[i].format, y);
      printf(" %x\n", set);
    }
  }
  for (size_t i = 0; i < sizeof BINARY / sizeof *BINARY; i++) {
    for (int n = 0; n < COUNT * COUNT + 80; n++) {
      long double x = n < COUNT * COUNT ? EDGES[n / COUNT] : number(n % 3 ? 10 : 60);
      long double y = n < COUNT * COUNT ? EDGES[n % COUNT] : number(10);
      if (i == 0 && n >= COUNT * COUNT) x = fabsl(x);
      feclearexcept(FE_ALL_EXCEPT);
      volatile long double z = BINARY[i].f(x, y);
      int set = fetestexcept(FE_ALL_EXCEPT & ~FE_INEXACT);
      printf("%s %La %La = ", BINARY[i].name, x, y);
      printf(BINARY[i].format, z);
      printf(" %x\n", set);
    }
  }
  for (int n = 0; n < 300; n++) {
    long double x = number(200), y = number(60), s, c;
    int quotient, exponent;
    long double r = remquol(x, y, &quotient), m = frexpl(x, &exponent), whole, part = modfl(y, &whole);
    sincosl(y, &s, &c);
    printf("%La %d %La %d %La %La %La %La %La\n", r, quotient & 7, m, exponent, part, whole, s, c, fmal(x, y, r));
    char text[128];
    snprintf(text, sizeof text, "%.*Le", n % 40, x);
    printf("%s %La %La %.12Lf %Lg\n", text, strtold(text, NULL), scalblnl(y, n - 150), y, x);
    printf("%ld %lld %g %g %d\n", lrintl(y), llroundl(y), (double)x, (float)y, ilogbl(x));
  }
  for (int mode = 0; mode < 4; mode++) {
    fesetround(mode << 10);
    for (int n = 0; n < 40; n++) {
      long double x = number(30), y = number(30);
      printf("%d %La %La %La %La %La %.3Lf %ld\n", mode, x + y, x * y, x / y, sqrtl(fabsl(x)), rintl(x), y, lrintl(y));
    }
  }
  return 0;
}
