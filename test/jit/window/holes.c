// What reads by window do not notice: memory that is not mapped, or not to be read. Writes do.
#include "window.h"

static sigjmp_buf back;
static void caught(int number) { siglongjmp(back, number); }
static HOT int get(const volatile int *p) { return *p; }
static HOT void put(volatile int *p) { *p = 1; }

#define TRY(name, what) printf(sigsetjmp(back, 1) ? name ": signal\n" : (what, name ": fine\n"))

int main(int argc, char **argv) {
  warm_up(argc, argv);
  signal(SIGSEGV, caught);
  signal(SIGBUS, caught);
  volatile int *p = mapped(mmap(0, 10 * PAGE, RW, ANON, -1, 0));
  for (int i = 0; i < (argc > 1 ? 30000 : 100); i++) put((int *)p), get((int *)p);
  mprotect((void *)p, PAGE, PROT_NONE);
  TRY("read of PROT_NONE", get(p));
  TRY("write of PROT_NONE", put((int *)p));
  munmap((void *)p, 10 * PAGE);
  TRY("read of a hole", get(p));
  TRY("write of a hole", put((int *)p));
  int f = pages_file(1);
  p = mapped(mmap(0, 4 * PAGE, RW, MAP_PRIVATE, f, 0));
  TRY("read behind a file", get(p + 2 * PAGE / 4));
  TRY("write behind a file", put((int *)p + 2 * PAGE / 4));
  TRY("read of null", get(0));
  mapped(mmap((void *)0x20000000, PAGE, RW, MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1, 0));
  TRY("read of a hole without a window", get((int *)0x30000000));
}
