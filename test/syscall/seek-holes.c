// positions past the end, holes read as zeros, SEEK_DATA and SEEK_HOLE.
#include "say.h"
int main(void) {
  int f = file_with("f", "abc");
  SAY(lseek(f, 10, SEEK_END));
  SAY(write(f, "z", 1));
  char b[20];
  SAY(pread(f, b, 20, 0));
  printf("%d %d %c\n", b[3], b[12], b[13]);
  SAY(lseek(f, -1, SEEK_SET));
  SAY(lseek(f, 0, 99));
  SAY(lseek(f, 20, SEEK_DATA));
  SAY(lseek(f, 14, SEEK_HOLE));
  SAY(lseek(f, 0, SEEK_HOLE));
  int p[2];
  pipe(p);
  SAY(lseek(p[0], 0, SEEK_CUR));
  SAY(pread(p[0], b, 1, 0));
}
