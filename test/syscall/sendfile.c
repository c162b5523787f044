// a file to a pipe and to a file.
#include "say.h"
int main(void) {
  int f = file_with("f", "0123456789"), g = file_with("g", ""), p[2];
  off_t at = 3;
  char b[20] = "";
  pipe(p);
  SAY(sendfile(p[1], f, &at, 4));
  printf("%ld\n", (long)at);
  SAY(read(p[0], b, 20));
  puts(b);
  SAY(sendfile(g, f, 0, 100));
  SAY(lseek(f, 0, SEEK_CUR));
  SAY(sendfile(g, f, 0, 100));
  SAY(sendfile(p[1], p[0], 0, 1));
  SAY(sendfile(open("f", O_RDONLY), f, 0, 1));
  at = -1;
  SAY(sendfile(p[1], f, &at, 4));
}
