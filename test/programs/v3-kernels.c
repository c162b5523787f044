// cpu: x86-64-v3
// flags: -O2 -mavx2 -mfma -lm
// Numeric kernels with AVX2 and FMA intrinsics and as the compiler vectorises them: every bit of the results.
#include <immintrin.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define N 1027
static double a[N], b[N], c[N];
static float x[N], y[N], z[N];
static int32_t p[N], q[N];
static uint8_t bytes[N], text[N];

static uint64_t hash(const void *data, size_t size) {
  const uint8_t *byte = data;
  uint64_t h = 14695981039346656037ull;
  while (size--) h = (h ^ *byte++) * 1099511628211ull;
  return h;
}
static uint32_t seed = 12345;
static uint32_t next(void) { return seed = seed * 1664525 + 1013904223; }

__attribute__((noinline)) static void fill(void) {
  for (int i = 0; i < N; i++) {
    a[i] = ldexp((int32_t)next(), (int)(next() % 80) - 70);
    b[i] = ldexp((int32_t)next(), (int)(next() % 80) - 70);
    x[i] = ldexpf((int32_t)next(), (int)(next() % 60) - 60);
    y[i] = ldexpf((int32_t)next(), (int)(next() % 60) - 60);
    p[i] = next(), q[i] = next(), bytes[i] = next() >> 24;
  }
}

__attribute__((noinline)) static double dot(const double *u, const double *v, int n) {
  __m256d sum = _mm256_setzero_pd();
  int i = 0;
  for (; i + 4 <= n; i += 4) sum = _mm256_fmadd_pd(_mm256_loadu_pd(u + i), _mm256_loadu_pd(v + i), sum);
  __m128d half = _mm_add_pd(_mm256_castpd256_pd128(sum), _mm256_extractf128_pd(sum, 1));
  double rest = _mm_cvtsd_f64(_mm_hadd_pd(half, half));
  for (; i < n; i++) rest = fma(u[i], v[i], rest);
  return rest;
}
__attribute__((noinline)) static void saxpy(float k) {
  for (int i = 0; i < N; i++) z[i] = fmaf(k, x[i], y[i]);
}
__attribute__((noinline)) static void polynomial(void) {
  for (int i = 0; i < N; i++) {
    double t = a[i] * 0x1p-40;
    c[i] = fma(fma(fma(fma(t, 1.0 / 24, 1.0 / 6), t, 0.5), t, 1.0), t, 1.0) - sqrt(fabs(b[i]));
  }
}
__attribute__((noinline)) static int64_t integers(void) {
  int64_t sum = 0;
  for (int i = 0; i < N; i++) sum += (int64_t)p[i] * q[i] >> (i & 31);
  for (int i = 0; i < N; i++) p[i] = (p[i] << (q[i] & 31)) ^ (q[i] >> (i & 31)) ^ (p[i] > q[i] ? p[i] : q[i]);
  return sum;
}
__attribute__((noinline)) static void gather(void) {
  __m256i sum = _mm256_setzero_si256();
  for (int i = 0; i + 8 <= N; i += 8) {
    __m256i index = _mm256_and_si256(_mm256_loadu_si256((const __m256i *)(q + i)), _mm256_set1_epi32(1023));
    sum = _mm256_add_epi32(sum, _mm256_i32gather_epi32(p, index, 4));
    __m256d d = _mm256_i32gather_pd(a, _mm256_castsi256_si128(index), 8);
    sum = _mm256_xor_si256(sum, _mm256_castpd_si256(d));
  }
  printf("gather %016lx\n", hash(&sum, sizeof sum));
}
__attribute__((noinline)) static int upper(void) {
  int count = 0, i = 0;
  for (; i + 32 <= N; i += 32) {
    __m256i v = _mm256_loadu_si256((const __m256i *)(bytes + i));
    __m256i isLower = _mm256_and_si256(_mm256_cmpgt_epi8(v, _mm256_set1_epi8('a' - 1)), _mm256_cmpgt_epi8(_mm256_set1_epi8('z' + 1), v));
    count += __builtin_popcount(_mm256_movemask_epi8(isLower));
    v = _mm256_sub_epi8(v, _mm256_and_si256(isLower, _mm256_set1_epi8(32)));
    v = _mm256_shuffle_epi8(v, _mm256_setr_epi8(3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12, 0, -1, 2, -1, 4, -1, 6, -1, 8, -1, 10, -1, 12, -1, 14, -1));
    v = _mm256_permute4x64_epi64(v, 0x4b);
    _mm256_storeu_si256((__m256i *)(text + i), v);
  }
  return count;
}
__attribute__((noinline)) static void masked(void) {
  for (int i = 0; i + 8 <= N; i += 8) {
    __m256i mask = _mm256_loadu_si256((const __m256i *)(p + i));
    __m256 v = _mm256_maskload_ps(x + i, mask);
    v = _mm256_blendv_ps(_mm256_permutevar8x32_ps(v, mask), _mm256_loadu_ps(y + i), _mm256_cmp_ps(v, _mm256_loadu_ps(y + i), _CMP_NGE_UQ));
    _mm256_maskstore_ps(z + i, _mm256_srai_epi32(mask, 1), _mm256_mul_ps(v, _mm256_set1_ps(1.0f / 3)));
  }
}

int main(void) {
  fill();
  double d = dot(a, b, N);
  printf("dot %a %a\n", d, dot(a, a, 3));
  saxpy(0.1f);
  printf("saxpy %016lx\n", hash(z, sizeof z));
  polynomial();
  printf("polynomial %016lx %a\n", hash(c, sizeof c), c[17]);
  int64_t sum = integers();
  printf("integers %ld %016lx\n", sum, hash(p, sizeof p));
  gather();
  int count = upper();
  printf("upper %d %016lx\n", count, hash(text, sizeof text));
  masked();
  printf("masked %016lx\n", hash(z, sizeof z));
  // Single rounding where the product cancels, overflows, underflows.
  volatile double tiny = 0x1p-1060, big = 0x1.fffffffffffffp1023, e = 0x1.0000000000001p0;
  printf("%a %a %a %a\n", fma(e, e, -1.0), fma(big, 2.0, -big), fma(tiny, 0x1.8p-14, 0x1p-1074), fma(e, -e, 0x1.0000000000002p0));
  printf("%a %a\n", fma(tiny, tiny, -0.0), fma(0x1.fffffffffffffp-1023, 1.0 + 0x1p-52, -0x1p-1074));
  return 0;
}
