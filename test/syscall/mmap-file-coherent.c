// a mapped file and read and write see each other's changes.
#include "say.h"
int main(void) {
  int f = file_with("f", "0123456789");
  char b[11] = "", *m = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, f, 0);
  m[0] = 'A';
  SAY(pread(f, b, 10, 0));
  puts(b);
  SAY(pwrite(f, "B", 1, 1));
  printf("%.10s\n", m);
  char *p = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE, f, 0);
  p[2] = 'C';
  printf("%.10s %.10s\n", p, m);
  SAY(msync(m, 4096, MS_SYNC));
  SAY(munmap(m, 4096));
  SAY(pread(f, b, 10, 0));
  puts(b);
}
