// build: pie static musl
// Clocks, by the vDSO and by system calls: they agree, go on, and refuse what does not exist; timers and their arithmetic.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/times.h>
#include <time.h>
#include <unistd.h>

static long ns(struct timespec t) { return t.tv_sec * 1000000000L + t.tv_nsec; }
static long by_vdso(clockid_t clock) { struct timespec t = {0}; return clock_gettime(clock, &t) ? -1 : ns(t); }
static long by_call(clockid_t clock) { struct timespec t = {0}; return syscall(SYS_clock_gettime, clock, &t) ? -1 : ns(t); }
#define ERRNO(call) do { errno = 0; long r = (call); printf("%s = %ld errno %d\n", #call, r, errno); } while (0)

int main(void) {
  const clockid_t clocks[] = {CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_MONOTONIC_RAW, CLOCK_REALTIME_COARSE, CLOCK_MONOTONIC_COARSE, CLOCK_BOOTTIME};
  for (int i = 0; i < 6; i++) {
    long a = by_vdso(clocks[i]), b = by_call(clocks[i]), c = by_vdso(clocks[i]);
    // Coarse clocks stand still for some milliseconds.
    printf("clock %d: %d %d\n", clocks[i], a > 0 && b >= a - 10000000 && c >= a, c - a < 5000000000);
    struct timespec resolution;
    int known = clock_getres(clocks[i], &resolution);
    printf("  resolution %d %d\n", known, resolution.tv_sec == 0 && resolution.tv_nsec <= 10000000);
  }
  int backwards = 0;
  for (long i = 0, last = 0; i < 20000; i++) {
    long t = by_vdso(CLOCK_MONOTONIC);
    backwards += t < last;
    last = t;
  }
  printf("backwards %d\n", backwards);
  struct timeval tv;
  gettimeofday(&tv, NULL);
  long apart = by_call(CLOCK_REALTIME) / 1000 - (tv.tv_sec * 1000000L + tv.tv_usec);
  printf("gettimeofday %d time %d\n", apart >= 0 && apart < 5000000, time(NULL) - tv.tv_sec <= 5);
  unsigned cpu = 99, node = 99;
  ERRNO(syscall(SYS_getcpu, &cpu, &node, NULL));
  printf("vdso %d\n", getauxval(AT_SYSINFO_EHDR) != 0 && !memcmp((void *)getauxval(AT_SYSINFO_EHDR), "\177ELF", 4));
  long process = by_vdso(CLOCK_PROCESS_CPUTIME_ID);
  for (volatile int i = 0; i < 3000000; i++) {}
  printf("cpu time %d %d\n", by_vdso(CLOCK_PROCESS_CPUTIME_ID) > process, by_vdso(CLOCK_THREAD_CPUTIME_ID) > 0);

  struct timespec t;
  ERRNO(clock_gettime(77, &t));
  ERRNO(syscall(SYS_clock_gettime, CLOCK_MONOTONIC, 8));
  ERRNO(clock_getres(77, &t));
  ERRNO(clock_settime(CLOCK_MONOTONIC, &t));
  ERRNO(nanosleep(&(struct timespec){0, 1000000000}, NULL));
  ERRNO(nanosleep(&(struct timespec){-1, 0}, NULL));
  ERRNO(clock_nanosleep(77, 0, &(struct timespec){0, 1}, NULL));
  ERRNO(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &(struct timespec){1, 0}, NULL));

  long start = by_vdso(CLOCK_MONOTONIC);
  nanosleep(&(struct timespec){0, 30000000}, NULL);
  long slept = by_vdso(CLOCK_MONOTONIC) - start;
  printf("slept %d\n", slept >= 30000000 && slept < 5000000000);
  start = by_vdso(CLOCK_MONOTONIC);
  poll(NULL, 0, 20);
  select(0, NULL, NULL, NULL, &(struct timeval){0, 20000});
  slept = by_vdso(CLOCK_MONOTONIC) - start;
  printf("waited %d\n", slept >= 40000000 && slept < 5000000000);

  struct itimerval timer = {{0, 0}, {100, 0}}, old;
  ERRNO(setitimer(ITIMER_REAL, &timer, NULL));
  ERRNO(getitimer(ITIMER_REAL, &old));
  printf("left %d\n", old.it_value.tv_sec >= 99 || (old.it_value.tv_sec == 100));
  timer.it_value.tv_usec = 1000000;
  ERRNO(setitimer(ITIMER_REAL, &timer, NULL));
  ERRNO(setitimer(9, &timer, NULL));
  printf("alarm %d\n", alarm(0) >= 99);

  struct tms tms;
  printf("times %d\n", times(&tms) != (clock_t)-1);
  struct rusage usage;
  ERRNO(getrusage(RUSAGE_SELF, &usage));
  ERRNO(getrusage(77, &usage));
  struct stat st;
  int fd = open("file", O_CREAT | O_RDWR, 0600);
  fstat(fd, &st);
  printf("file time %d\n", st.st_mtime - time(NULL) <= 5 && time(NULL) - st.st_mtime <= 5);
  ERRNO(futimens(fd, (struct timespec[]){{5, 6}, {7, 8}}));
  fstat(fd, &st);
  printf("%ld.%09ld %ld.%09ld\n", st.st_atim.tv_sec, st.st_atim.tv_nsec, st.st_mtim.tv_sec, st.st_mtim.tv_nsec);
  ERRNO(futimens(fd, (struct timespec[]){{5, -2}, {7, 8}}));
  ERRNO(futimens(fd, (struct timespec[]){{5, UTIME_OMIT}, {9, UTIME_OMIT}}));
  return 0;
}
