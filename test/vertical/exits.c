// Leaves a deep stack in every way that leaves guest code: system calls, faults that a handler resumes, signals, longjmp out of
// handlers, divisions by zero, and a stack of the program's own; the registers before and after are compared.
#define _GNU_SOURCE
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <ucontext.h>
#include <unistd.h>

static char *page;
static int faults;
static sigjmp_buf there;

static void unprotect(int signal, siginfo_t *info, void *context) {
  faults++;
  mprotect(page, 4096, PROT_READ | PROT_WRITE);
}

static void skip(int signal, siginfo_t *info, void *context) {
  ((ucontext_t *)context)->uc_mcontext.gregs[REG_RCX] = 3;
}

static void jump(int signal) { siglongjmp(there, signal); }

// Fills the callee-saved registers and an XMM register, leaves guest code in the middle, and adds up what is left.
static unsigned long around(int how, unsigned long seed) {
  unsigned long a = seed, result;
  unsigned long low, high;
  switch (how) {
    case 0:
      __asm__ volatile("mov %2, %%rbx\n lea 1(%2), %%r12\n lea 2(%2), %%r13\n lea 3(%2), %%r14\n lea 4(%2), %%r15\n movq %2, %%xmm5\n"
                       "mov %3, %%eax\n stc\n syscall\n"
                       "movq %%xmm5, %%rax\n add %%rbx, %%rax\n add %%r12, %%rax\n add %%r13, %%rax\n add %%r14, %%rax\n add %%r15, %%rax\n mov %%rax, %0\n mov %%rdi, %1"
                       : "=&r"(result), "=&r"(low) : "D"(a), "i"(SYS_getppid) : "rax", "rbx", "rcx", "r11", "r12", "r13", "r14", "r15", "xmm5", "memory", "cc");
      return result + low;
    case 1:
      mprotect(page, 4096, PROT_NONE);
      __asm__ volatile("mov %2, %%rbx\n lea 1(%2), %%r12\n movq %2, %%xmm5\n stc\n movq %%rbx, (%1)\n adc $0, %%rbx\n movq %%xmm5, %0\n add %%rbx, %0\n add %%r12, %0"
                       : "=&r"(result) : "r"(page), "r"(a) : "rbx", "r12", "xmm5", "memory", "cc");
      return result + *(unsigned long *)page;
    case 2:
      __asm__ volatile("mov %2, %%rax\n xor %%edx, %%edx\n mov $0, %%ecx\n div %%rcx\n mov %%rax, %0\n mov %%rdx, %1" : "=&r"(low), "=&r"(high) : "r"(a) : "rax", "rcx", "rdx", "cc");
      return low * 7 + high;
    default:
      return getppid() * 0 + a;
  }
}

static unsigned long deep(int depth, int how, unsigned long seed) {
  if (depth == 0) return around(how, seed);
  return deep(depth - 1, how, seed + depth) * 3 + depth;
}

static unsigned long total;
static ucontext_t main_context, other_context;
static void other(void) {
  for (int i = 0; i < 3; i++) {
    total += deep(5, i, 40 + i);
    swapcontext(&other_context, &main_context);
  }
}

int main(void) {
  struct sigaction action = {.sa_sigaction = unprotect, .sa_flags = SA_SIGINFO};
  page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  sigaction(SIGSEGV, &action, NULL);
  action.sa_sigaction = skip;
  sigaction(SIGFPE, &action, NULL);
  signal(SIGALRM, jump);

  for (int how = 0; how < 4; how++)
    for (int depth = 0; depth < 200; depth += 37) printf("%d %d %lx\n", how, depth, deep(depth, how, 1000 + depth));
  printf("%d faults\n", faults);

  // A timer's signal leaves a loop at an arbitrary instruction.
  struct itimerval soon = {{0, 0}, {0, 20000}};
  int signal = sigsetjmp(there, 1);
  if (signal == 0) {
    setitimer(ITIMER_REAL, &soon, NULL);
    for (volatile unsigned long i = 0;; i++) {}
  }
  printf("left the loop by %d\n", signal);

  static char stack[65536];
  getcontext(&other_context);
  other_context.uc_stack.ss_sp = stack;
  other_context.uc_stack.ss_size = sizeof stack;
  other_context.uc_link = &main_context;
  makecontext(&other_context, other, 0);
  for (int i = 0; i < 3; i++) swapcontext(&main_context, &other_context);
  printf("%lx\n", total);
  return 0;
}
