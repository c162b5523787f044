// protection changes take effect at once.
#include "say.h"
#include <setjmp.h>
static sigjmp_buf back;
static void on(int s) { siglongjmp(back, s); }
int main(void) {
  signal(SIGSEGV, on);
  char *m = mmap(0, 12288, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  m[4096] = 'x';
  SAY(mprotect(m + 4096, 4096, PROT_READ));
  if (!sigsetjmp(back, 1)) m[4096] = 'y', puts("wrote"); else puts("refused");
  if (!sigsetjmp(back, 1)) m[8192] = 'y', puts("wrote"); else puts("refused");
  SAY(mprotect(m + 4096, 4096, PROT_NONE));
  if (!sigsetjmp(back, 1)) printf("read %c\n", *(volatile char *)(m + 4096)); else puts("refused");
  SAY(mprotect(m + 1, 4096, PROT_READ));
  SAY(mprotect(m + 4096, 4096, PROT_READ | PROT_WRITE));
  SAY(m[4096] == 'x');
}
