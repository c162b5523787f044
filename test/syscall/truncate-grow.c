// truncate cuts and grows; wrong sizes and kinds.
#include "say.h"
int main(void) {
  int f = file_with("f", "0123456789");
  char b[20];
  SAY(ftruncate(f, 4));
  SAY(ftruncate(f, 8));
  SAY(pread(f, b, 20, 0));
  printf("%.4s %d\n", b, b[7]);
  SAY(truncate("f", 2));
  SAY(lseek(f, 0, SEEK_END));
  SAY(ftruncate(f, -1));
  SAY(truncate("none", 1));
  mkdir("d", 0755);
  SAY(truncate("d", 1));
  SAY(ftruncate(open("f", O_RDONLY), 1));
  int p[2];
  pipe(p);
  SAY(ftruncate(p[1], 1));
}
