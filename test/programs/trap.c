// build: pie musl
// int3 is a trap: rip is after it, and what a handler changes in its context counts.
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

static void resume(int signal, siginfo_t *info, void *context) {
  ucontext_t *uc = context;
  static int count;
  if (++count > 3) abort();
  printf("int3 code %d\n", info->si_code);
  uc->uc_mcontext.gregs[REG_RBX] = 77;
}

int main(void) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_sigaction = resume;
  action.sa_flags = SA_SIGINFO;
  sigaction(SIGTRAP, &action, NULL);
  long value = 5;
  __asm__ volatile("mov %1, %%rbx; int3; mov %%rbx, %0" : "=r"(value) : "r"(value) : "rbx");
  printf("rbx %ld\n", value);
  return 0;
}
