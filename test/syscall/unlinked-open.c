// an unlinked file lives as long as it is open.
#include "say.h"
int main(void) {
  int f = file_with("f", "alive");
  unlink("f");
  char b[50] = "", name[40];
  SAY(read(f, b, 5));
  struct stat s;
  fstat(f, &s);
  SAY(s.st_nlink);
  SAY(write(f, " and well", 9));
  sprintf(name, "/proc/self/fd/%d", f);
  int n = readlink(name, b, 50);
  printf("%s\n", n > 10 && !strncmp(b + n - 10, " (deleted)", 10) ? "deleted" : "named");
  int g = open(name, O_RDONLY);
  memset(b, 0, 50);
  SAY(read(g, b, 50));
  puts(b);
}
