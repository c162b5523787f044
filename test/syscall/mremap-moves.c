// growing, shrinking, moving to a place.
#include "say.h"
int main(void) {
  char *m = mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  strcpy(m, "kept"), strcpy(m + 4096, "second");
  char *n = mremap(m, 8192, 40960, MREMAP_MAYMOVE);
  SAY(n != MAP_FAILED);
  printf("%s %s %d\n", n, n + 4096, n[20000]);
  SAY(mremap(n, 40960, 4096, 0) == n);
  char *at = mmap(0, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  SAY(mremap(n, 4096, 4096, MREMAP_MAYMOVE | MREMAP_FIXED, at) == at);
  puts(at);
  SAY(mremap(at + 1, 4096, 8192, MREMAP_MAYMOVE) == MAP_FAILED);
  SAY(mremap(at, 4096, 0, 0) == MAP_FAILED);
}
