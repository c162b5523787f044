// cpu: x86-64
// build: pie static
// flags: -O1 -frounding-math -lm
// SSE and x87 arithmetic under four rounding modes, the five exceptions, held and restored environments, traps as signals.
#define _GNU_SOURCE
#include <fenv.h>
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <xmmintrin.h>

static const struct { int mode; const char *name; } MODES[] = {
    {FE_TONEAREST, "nearest"}, {FE_DOWNWARD, "down"}, {FE_UPWARD, "up"}, {FE_TOWARDZERO, "zero"}};

static const char *flags(void) {
  static char text[64];
  int set = fetestexcept(FE_ALL_EXCEPT);
  snprintf(text, sizeof text, "%s%s%s%s%s", set & FE_INVALID ? " invalid" : "", set & FE_DIVBYZERO ? " divbyzero" : "",
           set & FE_OVERFLOW ? " overflow" : "", set & FE_UNDERFLOW ? " underflow" : "", set & FE_INEXACT ? " inexact" : "");
  feclearexcept(FE_ALL_EXCEPT);
  return text;
}

#define SHOW(format, type, expression) do { \
    feclearexcept(FE_ALL_EXCEPT); \
    volatile type result = (expression); \
    const char *set = flags(); \
    printf("  %-28s " format "%s\n", #expression, result, set); \
  } while (0)

static volatile double zero = 0, one = 1, three = 3, tenth = 0.1, big = DBL_MAX, tiny = DBL_MIN, least = 0x1p-1074, inf = INFINITY, quiet = NAN;
static volatile float fone = 1, fthree = 3, fbig = FLT_MAX, ftiny = FLT_MIN, fleast = 0x1p-149f;
static volatile long double lone = 1, lthree = 3, lbig = LDBL_MAX, ltiny = LDBL_MIN;
static volatile int64_t large = 0x7fffffffffffffff;
static volatile int32_t odd = 0x1000001;

__attribute__((noinline)) static void arithmetic(void) {
  SHOW("%a", double, one / three);
  SHOW("%a", double, -one / three);
  SHOW("%a", double, one / zero);
  SHOW("%a", double, -one / zero);
  SHOW("%a", double, zero / zero);
  SHOW("%a", double, inf - inf);
  SHOW("%a", double, inf * zero);
  SHOW("%a", double, big * 2);
  SHOW("%a", double, -big * 2);
  SHOW("%a", double, big + tiny);
  SHOW("%a", double, tiny / 3);
  SHOW("%a", double, tiny / 2);
  SHOW("%a", double, least / 2);
  SHOW("%a", double, -least / 2);
  SHOW("%a", double, least * least);
  SHOW("%a", double, one - one);
  SHOW("%a", double, tenth + tenth + tenth);
  SHOW("%a", double, sqrt(three));
  SHOW("%a", double, sqrt(-three));
  SHOW("%a", double, quiet + one);
  SHOW("%a", double, fma(tenth, tenth, -one));
  SHOW("%a", double, fma(big, big, -inf));
  SHOW("%a", float, fone / fthree);
  SHOW("%a", float, fbig * fthree);
  SHOW("%a", float, ftiny / fthree);
  SHOW("%a", float, fleast / 2);
  SHOW("%a", float, fone - fleast);
  SHOW("%a", float, sqrtf(fthree));
  SHOW("%a", float, fmaf(fthree, fthree, fleast));
  SHOW("%a", float, (float)tenth);
  SHOW("%a", float, (float)big);
  SHOW("%a", float, (float)tiny);
  SHOW("%a", double, (double)fleast);
  SHOW("%a", double, (double)large);
  SHOW("%a", float, (float)large);
  SHOW("%a", float, (float)odd);
  SHOW("%d", int, (int)three);
  SHOW("%d", int, (int)(three / 2));
  SHOW("%d", int, (int)big);
  SHOW("%d", int, (int)quiet);
  SHOW("%ld", long, lrint(three / 2));
  SHOW("%ld", long, lrint(-three / 2));
  SHOW("%ld", long, lrintf(fthree / 2));
  SHOW("%ld", long, (long)big);
  SHOW("%a", double, rint(three / 2));
  SHOW("%a", double, nearbyint(three / 2));
  SHOW("%a", double, floor(-tenth));
  SHOW("%a", double, trunc(three / 2));
  SHOW("%d", int, one < quiet);
  SHOW("%d", int, one == quiet);
  SHOW("%d", int, isless(one, quiet));
  SHOW("%d", int, one > tenth);
  SHOW("%La", long double, lone / lthree);
  SHOW("%La", long double, lbig * lthree);
  SHOW("%La", long double, ltiny / lthree);
  SHOW("%La", long double, lone / 0.0L);
  SHOW("%La", long double, sqrtl(-lone));
  SHOW("%a", double, (double)(lone / lthree));
  SHOW("%ld", long, lrintl(lthree / 2));
}

static void packed(void) {
  static volatile float x[4] = {1, 3, FLT_MAX, 0x1p-140f}, y[4] = {3, 1, FLT_MAX, 0x1p-20f};
  static float out[6][4];
  __m128 a = _mm_loadu_ps((const float *)x), b = _mm_loadu_ps((const float *)y);
  feclearexcept(FE_ALL_EXCEPT);
  _mm_storeu_ps(out[0], _mm_div_ps(a, b));
  printf("  div%s", flags());
  _mm_storeu_ps(out[1], _mm_mul_ps(a, b));
  printf("  mul%s", flags());
  _mm_storeu_ps(out[2], _mm_add_ps(a, b));
  printf("  add%s", flags());
  _mm_storeu_ps(out[3], _mm_sqrt_ps(a));
  printf("  sqrt%s", flags());
  _mm_storeu_ps(out[4], _mm_cvtepi32_ps(_mm_set1_epi32(odd)));
  printf("  cvt%s", flags());
  _mm_storeu_ps(out[5], _mm_min_ps(a, b));
  printf("  min%s\n ", flags());
  for (int i = 0; i < 6; i++)
    for (int j = 0; j < 4; j++) printf(" %a", out[i][j]);
  printf("\n");
}

static double series(void) {
  double sum = 0;
  for (int i = 1; i <= 2000; i++) sum += one / i * (i % 2 ? 1 : -tenth);
  return sum;
}

static void environments(void) {
  fenv_t saved;
  fesetround(FE_UPWARD);
  feraiseexcept(FE_INEXACT);
  printf("hold %d", feholdexcept(&saved));
  printf(" round %d%s", fegetround() == FE_UPWARD, flags());
  volatile double v = one / zero;
  printf(" then%s", flags());
  v = one / zero, v = least * least;
  fesetenv(&saved);
  printf(" set:%s round %d\n", flags(), fegetround() == FE_UPWARD);
  feholdexcept(&saved);
  v = big * big;
  feupdateenv(&saved);
  printf("update:%s\n", flags());
  v = zero / zero;
  fexcept_t which;
  fegetexceptflag(&which, FE_INVALID);
  feclearexcept(FE_ALL_EXCEPT);
  fesetexceptflag(&which, FE_INVALID);
  printf("flag:%s\n", flags());
  for (int bit = 1; bit <= 32; bit <<= 1) {
    if (!(bit & FE_ALL_EXCEPT)) continue;
    feraiseexcept(bit);
    printf("raise %d:%s\n", bit, flags());
  }
  fesetenv(FE_DFL_ENV);
  printf("default: round %d mxcsr %x%s\n", fegetround() == FE_TONEAREST, _mm_getcsr() & ~63, flags());
  (void)v;
}

static void flushing(void) {
  unsigned before = _mm_getcsr();
  for (int bits = 0; bits < 4; bits++) {
    _mm_setcsr(before | (bits & 1 ? 0x8000 : 0) | (bits & 2 ? 0x40 : 0));
    printf("ftz %d daz %d:\n", bits & 1, bits >> 1);
    SHOW("%a", double, tiny / 2);
    SHOW("%a", double, least + least);
    SHOW("%a", double, least * big);
    SHOW("%a", float, fleast + fleast);
    SHOW("%d", int, least == zero);
    SHOW("%a", double, sqrt(least));
    SHOW("%a", double, tiny / three);
  }
  _mm_setcsr(before);
}

static sigjmp_buf back;
static volatile int code, raised;
static void onFault(int number, siginfo_t *info, void *context) {
  (void)number, (void)context;
  code = info->si_code;
  raised = fegetround();
  siglongjmp(back, 1);
}
static void traps(void) {
  struct sigaction action = {.sa_sigaction = onFault, .sa_flags = SA_SIGINFO};
  sigaction(SIGFPE, &action, NULL);
  static const struct { int except; const char *name; } ALL[] = {
      {FE_INVALID, "invalid"}, {FE_DIVBYZERO, "divbyzero"}, {FE_OVERFLOW, "overflow"}, {FE_UNDERFLOW, "underflow"}, {FE_INEXACT, "inexact"}};
  for (int i = 0; i < 5; i++) {
    for (int what = 0; what < 6; what++) {
      fesetenv(FE_DFL_ENV);
      fesetround(FE_DOWNWARD);
      feenableexcept(ALL[i].except);
      code = 0;
      volatile double v = 0;
      if (!sigsetjmp(back, 1)) {
        if (what == 0) v = zero / zero;
        else if (what == 1) v = one / zero;
        else if (what == 2) v = big * big;
        else if (what == 3) v = least * tenth;
        else if (what == 4) v = one / three;
        else v = lone / lthree;
      }
      int enabled = fegetexcept();
      fedisableexcept(FE_ALL_EXCEPT);
      printf("trap %s %d: code %d enabled %d handler's rounding %d value %a\n", ALL[i].name, what, code, enabled, raised, v);
    }
  }
  fesetenv(FE_DFL_ENV);
}

int main(void) {
  printf("before: %x\n", _mm_getcsr() & ~63);
  for (int i = 0; i < 4; i++) {
    fesetround(MODES[i].mode);
    printf("%s %d\n", MODES[i].name, fegetround());
    arithmetic();
    packed();
    printf("  %a %.17g %a\n", series(), tenth / 3, strtod("0.3", NULL));
  }
  fesetround(FE_TONEAREST);
  environments();
  flushing();
  traps();
  return 0;
}
