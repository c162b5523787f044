// counts, the same inode, what is refused.
#include "say.h"
int main(void) {
  close(file_with("a", "x")), mkdir("d", 0755);
  SAY(link("a", "b"));
  struct stat s, t;
  stat("a", &s), stat("b", &t);
  printf("%ld %d\n", (long)s.st_nlink, s.st_ino == t.st_ino);
  SAY(link("a", "b"));
  SAY(link("d", "e"));
  SAY(link("none", "e"));
  SAY(link("a", "d/none/e"));
  SAY(unlink("a"));
  stat("b", &t);
  SAY(t.st_nlink);
  symlink("b", "l");
  SAY(link("l", "m"));
  SAY(linkat(AT_FDCWD, "l", AT_FDCWD, "n", AT_SYMLINK_FOLLOW));
  lstat("m", &s), lstat("n", &t);
  printf("%d %d\n", S_ISLNK(s.st_mode), S_ISREG(t.st_mode));
}
