// DONTNEED gives zeros, file pages come back, unknown advice.
#include "say.h"
int main(void) {
  char *m = mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  strcpy(m, "gone");
  SAY(madvise(m, 4096, MADV_DONTNEED));
  SAY(m[0]);
  char *f = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE, file_with("f", "file"), 0);
  strcpy(f, "changed");
  SAY(madvise(f, 4096, MADV_DONTNEED));
  printf("%.4s\n", f);
  SAY(madvise(m, 4096, 999));
  SAY(madvise(m + 1, 4096, MADV_NORMAL));
  SAY(madvise(m, 4096, MADV_WILLNEED));
}
