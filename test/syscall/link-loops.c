// links that lead in circles, and chains up to forty.
#include "say.h"
int main(void) {
  symlink("a", "b"), symlink("b", "a");
  SAY(open("a", O_RDONLY));
  close(file_with("l0", "x"));
  char from[20], to[20];
  for (int i = 1; i <= 41; i++) sprintf(from, "l%d", i - 1), sprintf(to, "l%d", i), symlink(from, to);
  SAY(access("l40", F_OK));
  SAY(access("l41", F_OK));
  struct stat s;
  SAY(lstat("a", &s));
  SAY(S_ISLNK(s.st_mode));
  SAY(s.st_size);
}
