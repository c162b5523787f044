// build: pie musl
#define _GNU_SOURCE
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>
#include <unistd.h>

static volatile sig_atomic_t caught;
static sigjmp_buf there;
static void note(int signal) { caught = caught * 100 + signal; }

static void report(int signal, siginfo_t *info, void *context) {
  ucontext_t *uc = context;
  printf("signal %d code %d address %p trap %lld error %lld\n", signal, info->si_code, signal == SIGFPE || signal == SIGILL ? NULL : info->si_addr,
         (long long)uc->uc_mcontext.gregs[REG_TRAPNO], (long long)uc->uc_mcontext.gregs[REG_ERR]);
  siglongjmp(there, signal);
}

int main(void) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = note;
  sigaction(SIGUSR1, &action, NULL);
  sigaction(SIGUSR2, &action, NULL);
  raise(SIGUSR1);
  kill(getpid(), SIGUSR2);
  printf("%d\n", caught);

  sigset_t set, old, pending;
  sigemptyset(&set);
  sigaddset(&set, SIGUSR1);
  sigprocmask(SIG_BLOCK, &set, &old);
  caught = 0;
  raise(SIGUSR1);
  sigpending(&pending);
  printf("blocked %d pending %d\n", caught, sigismember(&pending, SIGUSR1));
  sigprocmask(SIG_SETMASK, &old, NULL);
  printf("unblocked %d\n", caught);

  action.sa_sigaction = report;
  action.sa_flags = SA_SIGINFO | SA_NODEFER;
  sigaction(SIGSEGV, &action, NULL);
  sigaction(SIGFPE, &action, NULL);
  sigaction(SIGILL, &action, NULL);
  sigaction(SIGBUS, &action, NULL);
  if (sigsetjmp(there, 1) == 0) *(volatile int *)0x18 = 1;
  if (sigsetjmp(there, 1) == 0) puts((char *)0x123);
  volatile int zero = 0;
  if (sigsetjmp(there, 1) == 0) printf("%d\n", 7 / zero);
  if (sigsetjmp(there, 1) == 0) __asm__ volatile("ud2");
  if (sigsetjmp(there, 1) == 0) __asm__ volatile("hlt");

  static char stack[65536];
  stack_t alternate = {.ss_sp = stack, .ss_size = sizeof stack};
  sigaltstack(&alternate, NULL);
  action.sa_handler = note;
  action.sa_flags = SA_ONSTACK | SA_RESETHAND;
  sigaction(SIGUSR1, &action, NULL);
  caught = 0;
  raise(SIGUSR1);
  sigaction(SIGUSR1, NULL, &action);
  printf("%d %d\n", caught, action.sa_handler == SIG_DFL);
  signal(SIGUSR2, SIG_IGN);
  raise(SIGUSR2);
  errno = 0;
  printf("%d %d %d\n", sigaction(SIGKILL, &action, NULL), errno, kill(getpid(), 0));
  fflush(stdout);
  abort();
}
