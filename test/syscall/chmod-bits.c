// set-id and sticky bits, by path and by descriptor.
#include "say.h"
int main(void) {
  struct stat s;
  int f = file_with("f", "x");
  SAY(chmod("f", 07755));
  fstat(f, &s), printf("%o\n", s.st_mode);
  SAY(fchmod(f, 0600));
  fstat(f, &s), printf("%o\n", s.st_mode);
  SAY(chmod("none", 0600));
  symlink("f", "l");
  SAY(chmod("l", 0640));
  lstat("l", &s), printf("%o\n", s.st_mode);
  fstat(f, &s), printf("%o\n", s.st_mode);
  SAY(fchmodat(AT_FDCWD, "f", 0644, 0));
}
