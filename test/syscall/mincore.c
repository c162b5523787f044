// which pages are there.
#include "say.h"
int main(void) {
  char *m = mmap(0, 12288, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  unsigned char v[3];
  m[4096] = 1;
  SAY(mincore(m, 12288, v));
  printf("%d\n", v[1] & 1);
  SAY(mincore(m + 1, 4096, v));
  munmap(m, 12288);
  SAY(mincore(m, 4096, v));
}
