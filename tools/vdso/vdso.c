// The functions of the vDSO: each makes the real system call (vdso(7), "x86-64 functions").
// A system call leaves guest code for some tens of nanoseconds only, so there is no clock page to read.

struct timespec;
struct timeval;
struct timezone;
struct getcpu_cache;

static inline long call(long number, long a, long b, long c) {
  long result;
  __asm__ volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c) : "rcx", "r11", "memory");
  return result;
}

int __vdso_clock_gettime(int clock, struct timespec *ts) { return call(228, clock, (long)ts, 0); }
int __vdso_gettimeofday(struct timeval *tv, struct timezone *tz) { return call(96, (long)tv, (long)tz, 0); }
long __vdso_time(long *t) { return call(201, (long)t, 0, 0); }
int __vdso_clock_getres(int clock, struct timespec *ts) { return call(229, clock, (long)ts, 0); }
long __vdso_getcpu(unsigned *cpu, unsigned *node, struct getcpu_cache *unused) { return call(309, (long)cpu, (long)node, (long)unused); }

int clock_gettime(int, struct timespec *) __attribute__((weak, alias("__vdso_clock_gettime")));
int gettimeofday(struct timeval *, struct timezone *) __attribute__((weak, alias("__vdso_gettimeofday")));
long time(long *) __attribute__((weak, alias("__vdso_time")));
int clock_getres(int, struct timespec *) __attribute__((weak, alias("__vdso_clock_getres")));
long getcpu(unsigned *, unsigned *, struct getcpu_cache *) __attribute__((weak, alias("__vdso_getcpu")));
