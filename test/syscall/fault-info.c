// what siginfo says of bad addresses.
#include "say.h"
#include <setjmp.h>
static sigjmp_buf back;
static siginfo_t last;
static void on(int s, siginfo_t *i, void *c) { last = *i; (void)s, (void)c; siglongjmp(back, 1); }
int main(void) {
  struct sigaction a = {.sa_sigaction = on, .sa_flags = SA_SIGINFO};
  sigaction(SIGSEGV, &a, 0), sigaction(SIGBUS, &a, 0), sigaction(SIGFPE, &a, 0), sigaction(SIGILL, &a, 0);
  if (!sigsetjmp(back, 1)) *(volatile char *)8 = 1;
  printf("%d %d %p\n", last.si_signo, last.si_code, last.si_addr);
  char *m = mmap(0, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (!sigsetjmp(back, 1)) *(volatile char *)(m + 5) = 1;
  printf("%d %d %d\n", last.si_signo, last.si_code, last.si_addr == m + 5);
  m = mmap(0, 8192, PROT_READ, MAP_SHARED, file_with("f", "x"), 0);
  if (!sigsetjmp(back, 1)) (void)*(volatile char *)(m + 4096);
  printf("%d %d\n", last.si_signo, last.si_code);
  volatile int zero = 0;
  if (!sigsetjmp(back, 1)) zero = 1 / zero;
  printf("%d %d\n", last.si_signo, last.si_code);
  if (!sigsetjmp(back, 1)) __asm__("ud2");
  printf("%d %d\n", last.si_signo, last.si_code);
}
