// two mappings of one memfd see each other.
#include "say.h"
int main(void) {
  int f = memfd_create("x", 0);
  ftruncate(f, 8192);
  char *a = mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, f, 0), *b = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, f, 4096);
  a[4096] = 'x', b[1] = 'y';
  printf("%c%c\n", b[0], a[4097]);
  for (int i = 0; i < 1000; i++) a[4096] = i, b[0]++;
  SAY((unsigned char)a[4096] == (unsigned char)(999 + 1));
}
