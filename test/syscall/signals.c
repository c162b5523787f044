// Dispositions, masks, faults as signals, the alternate stack, edited contexts, interrupted and restarted calls.
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

static volatile int count;
static volatile double number;
static sigjmp_buf place;
static char stack[65536];

static void counts(int s) { (void)s; count++; }

static void computes(int s) {
  (void)s;
  double d = 1.5 * count;
  long double l = 2;
  l *= d;
  number = (double)l;
}

static void faults(int s, siginfo_t *info, void *context) {
  ucontext_t *c = context;
  char local;
  printf("signal %d code %d address %lx trap %lld error %lld on stack %d\n", s, info->si_code, (unsigned long)info->si_addr % 4096,
         (long long)c->uc_mcontext.gregs[REG_TRAPNO], (long long)c->uc_mcontext.gregs[REG_ERR],
         &local >= stack && &local < stack + sizeof stack);
  siglongjmp(place, 1);
}

static void repairs(int s, siginfo_t *info, void *context) {
  ucontext_t *c = context;
  printf("signal %d code %d at rip %d\n", s, info->si_code, (long)info->si_addr == c->uc_mcontext.gregs[REG_RIP]);
  if (s == SIGFPE) c->uc_mcontext.gregs[REG_RCX] = 2;
  else c->uc_mcontext.gregs[REG_RIP] += 2;
}

static void handle(int s, void (*handler)(int), int flags) {
  struct sigaction a = {.sa_handler = handler, .sa_flags = flags};
  sigaction(s, &a, 0);
}

static void soon(void) {
  struct itimerval t = {{0, 0}, {0, 20000}};
  setitimer(ITIMER_REAL, &t, 0);
}

int main(void) {
  sigset_t set, old;
  handle(SIGUSR1, counts, 0);
  raise(SIGUSR1);
  kill(getpid(), SIGUSR1);
  printf("two: %d\n", count);

  sigemptyset(&set);
  sigaddset(&set, SIGUSR1);
  sigprocmask(SIG_BLOCK, &set, &old);
  raise(SIGUSR1);
  raise(SIGUSR1);
  printf("blocked: %d\n", count);
  sigpending(&set);
  printf("pending: %d %d\n", sigismember(&set, SIGUSR1), sigismember(&set, SIGUSR2));
  sigprocmask(SIG_SETMASK, &old, 0);
  printf("one more: %d\n", count);

  handle(SIGUSR2, counts, SA_RESETHAND);
  raise(SIGUSR2);
  struct sigaction now;
  sigaction(SIGUSR2, 0, &now);
  printf("reset: %d\n", now.sa_handler == SIG_DFL);

  stack_t alternate = {.ss_sp = stack, .ss_size = sizeof stack};
  sigaltstack(&alternate, 0);
  struct sigaction a = {.sa_sigaction = faults, .sa_flags = SA_SIGINFO | SA_ONSTACK};
  sigaction(SIGSEGV, &a, 0);
  sigaction(SIGBUS, &a, 0);
  if (!sigsetjmp(place, 1)) *(volatile int *)0 = 1;
  if (!sigsetjmp(place, 1)) count = *(volatile int *)0x1234567890;
  if (!sigsetjmp(place, 1)) count = *(volatile int *)0xdead000000000000;
  if (!sigsetjmp(place, 1)) *(volatile char *)"x" = 1;
  if (!sigsetjmp(place, 1)) ((void (*)(void))8)();

  a.sa_sigaction = repairs;
  a.sa_flags = SA_SIGINFO;
  sigaction(SIGFPE, &a, 0);
  sigaction(SIGILL, &a, 0);
  long quotient, zero = 0, high = 0;
  asm volatile("idivq %%rcx" : "=a"(quotient), "+d"(high), "+c"(zero) : "0"(100L));
  printf("quotient: %ld\n", quotient);
  asm volatile("ud2");

  count = 3;
  handle(SIGUSR2, computes, 0);
  double sum = 0;
  for (int i = 0; i < 3; i++) {
    double part = i * 1.25;
    if (i == 1) raise(SIGUSR2);
    sum += part;
  }
  printf("sums: %.2f %.2f\n", sum, number);

  int ends[2], result;
  char byte;
  pipe(ends);
  handle(SIGALRM, counts, 0);
  count = 0;
  soon();
  result = pause();
  printf("pause: %d %s, %d\n", result, strerrorname_np(errno), count);
  soon();
  result = read(ends[0], &byte, 1);
  printf("read: %d %s\n", result, strerrorname_np(errno));
  handle(SIGALRM, counts, SA_RESTART);
  struct pollfd one = {ends[0], POLLIN, 0};
  soon();
  result = poll(&one, 1, -1);
  printf("poll: %d %s\n", result, strerrorname_np(errno));
  struct timespec second = {1, 0}, rest;
  soon();
  result = nanosleep(&second, &rest);
  printf("nanosleep: %d %s, most left %d\n", result, strerrorname_np(errno), rest.tv_sec == 0 && rest.tv_nsec > 700000000);

  sigemptyset(&set);
  sigaddset(&set, SIGUSR1);
  sigprocmask(SIG_BLOCK, &set, 0);
  union sigval value = {.sival_int = 42};
  sigqueue(getpid(), SIGUSR1, value);
  siginfo_t info;
  result = sigwaitinfo(&set, &info);
  printf("waited: %d code %d value %d own %d\n", result, info.si_code, info.si_value.sival_int, info.si_pid == getpid());
  struct timespec none = {0, 0};
  result = sigtimedwait(&set, &info, &none);
  printf("no more: %d %s\n", result, strerrorname_np(errno));

  handle(SIGPIPE, SIG_IGN, 0);
  close(ends[0]);
  result = write(ends[1], "x", 1);
  printf("write: %d %s\n", result, strerrorname_np(errno));
  result = kill(getpid(), 65);
  printf("kill: %d %s\n", result, strerrorname_np(errno));
  return 0;
}
