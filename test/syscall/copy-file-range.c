// between files, positions, refusals.
#include "say.h"
int main(void) {
  int f = file_with("f", "0123456789"), g = file_with("g", "");
  loff_t from = 2, to = 1;
  SAY(copy_file_range(f, &from, g, &to, 4, 0));
  printf("%ld %ld\n", (long)from, (long)to);
  SAY(copy_file_range(f, 0, g, 0, 100, 0));
  char b[20] = "";
  SAY(pread(g, b, 20, 0));
  SAY(copy_file_range(f, 0, g, 0, 1, 1));
  from = 0, to = 2;
  SAY(copy_file_range(f, &from, f, &to, 5, 0));
  SAY(copy_file_range(f, 0, open("g", O_RDONLY), 0, 1, 0));
  int p[2];
  pipe(p);
  SAY(copy_file_range(f, 0, p[1], 0, 1, 0));
}
