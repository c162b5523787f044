// cpu: x86-64-v3
// flags: -O1 -mavx2 -mxsave -mxsavec
// YMM registers across signals, threads, lazy binding and XSAVE areas.
#include <cpuid.h>
#include <immintrin.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <ucontext.h>
#include <unistd.h>

static volatile int seen;
static int xstate, magic;

static void handler(int signal, siginfo_t *info, void *frame) {
  (void)signal, (void)info;
  ucontext_t *context = frame;
  uint8_t *fx = (uint8_t *)context->uc_mcontext.fpregs;
  uint32_t words[4];
  memcpy(words, fx + 464, 16);
  xstate = context->uc_flags & 1;
  magic = words[0] == 0x46505853;
  uint64_t low, high;
  memcpy(&low, fx + 160 + 16 * 7, 8);
  memcpy(&high, fx + 576 + 16 * 7, 8);
  printf("frame %lx %lx\n", low, high);
  high++;
  memcpy(fx + 576 + 16 * 7, &high, 8);
  __asm__ volatile("vpcmpeqd %%ymm7, %%ymm7, %%ymm7\n vpcmpeqd %%ymm6, %%ymm6, %%ymm6" ::: "xmm6", "xmm7");
  seen++;
}

static void *worker(void *number) {
  uint64_t id = (uintptr_t)number, value[4];
  __m256i v = _mm256_set1_epi64x(id);
  for (int i = 0; i < 1000; i++) {
    __asm__ volatile("vmovdqa %0, %%ymm9" ::"x"(v) : "xmm9");
    if (i % 100 == 0) sched_yield();
    __asm__ volatile("vpaddq %%ymm9, %0, %0" : "+x"(v)::"xmm9");
    v = _mm256_sub_epi64(v, _mm256_set1_epi64x(id));
    v = _mm256_srli_epi64(v, 0);
    __asm__ volatile("" : "+x"(v));
    if (i % 10 == 0) v = _mm256_set1_epi64x(id);
  }
  _mm256_storeu_si256((__m256i *)value, v);
  return (void *)(uintptr_t)(value[0] == value[3]);
}

int main(void) {
  unsigned a, b, c, d;
  __cpuid_count(1, 0, a, b, c, d);
  printf("osxsave %d avx %d\n", c >> 27 & 1, c >> 28 & 1);
  __asm__("xgetbv" : "=a"(a), "=d"(d) : "c"(0));
  printf("xcr0 has AVX %d\n", (a & 7) == 7);

  struct sigaction action = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO};
  sigaction(SIGUSR1, &action, NULL);
  uint64_t in[4] = {0x1111, 0x2222, 0x3333, 0x4444}, out[4];
  pid_t pid = getpid();
  long result;
  __asm__ volatile("vmovdqu %2, %%ymm7\n vmovdqu %2, %%ymm6\n syscall\n vpaddq %%ymm6, %%ymm7, %%ymm7\n vmovdqu %%ymm7, %1"
                   : "=a"(result), "=m"(out) : "m"(in), "a"(62), "D"(pid), "S"(SIGUSR1) : "rcx", "r11", "memory", "xmm6", "xmm7");
  printf("after %ld seen %d xstate %d magic %d: %lx %lx %lx %lx\n", result, seen, xstate, magic, out[0], out[1], out[2], out[3]);

  pthread_t threads[3];
  for (uintptr_t i = 0; i < 3; i++) pthread_create(&threads[i], NULL, worker, (void *)(i + 1));
  for (int i = 0; i < 3; i++) {
    void *ok;
    pthread_join(threads[i], &ok);
    printf("thread %d %d\n", i, ok != NULL);
  }

  static uint8_t area[8192] __attribute__((aligned(64)));
  __m256i v = _mm256_loadu_si256((const __m256i *)in);
  __asm__ volatile("vmovdqa %0, %%ymm5" ::"x"(v) : "xmm5");
  _xsave64(area, 7);
  uint64_t upper;
  memcpy(&upper, area + 576 + 16 * 5, 8);
  printf("xsave %d %lx\n", area[512] & 6, upper);
  upper = 0x5555;
  memcpy(area + 576 + 16 * 5, &upper, 8);
  __asm__ volatile("vzeroall" ::: "xmm5");
  _xrstor64(area, 6);
  __asm__ volatile("vmovdqu %%ymm5, %0" : "=m"(out)::"memory");
  printf("xrstor %lx %lx %lx\n", out[0], out[2], out[3]);
  // A component that is not present gets its initial state.
  area[512] &= ~4;
  _xrstor64(area, 6);
  __asm__ volatile("vmovdqu %%ymm5, %0" : "=m"(out)::"memory");
  printf("initial %lx %lx %lx\n", out[0], out[2], out[3]);
  return 0;
}
