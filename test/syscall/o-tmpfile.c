// O_TMPFILE: a file without a name, given one by linkat, not with O_EXCL.
#include "say.h"
int main(void) {
  char name[50], b[9] = "";
  mkdir("d", 0755);
  int f = open("d", O_TMPFILE | O_RDWR, 0640);
  SAY(f > 0);
  SAY(write(f, "hidden", 6));
  struct stat s;
  fstat(f, &s);
  printf("%o %ld\n", s.st_mode, (long)s.st_nlink);
  SAY(rmdir("d"));
  mkdir("d", 0755);
  snprintf(name, 50, "/proc/self/fd/%d", f);
  f = open("d", O_TMPFILE | O_RDWR, 0640);
  write(f, "hidden", 6);
  snprintf(name, 50, "/proc/self/fd/%d", f);
  SAY(linkat(AT_FDCWD, name, AT_FDCWD, "d/shown", AT_SYMLINK_FOLLOW));
  fstat(f, &s);
  printf("%ld\n", (long)s.st_nlink);
  int g = open("d/shown", O_RDONLY);
  SAY(read(g, b, 9));
  puts(b);
  f = open("d", O_TMPFILE | O_RDWR | O_EXCL, 0640);
  snprintf(name, 50, "/proc/self/fd/%d", f);
  SAY(linkat(AT_FDCWD, name, AT_FDCWD, "d/never", AT_SYMLINK_FOLLOW));
  SAY(open("d", O_TMPFILE | O_RDONLY, 0600));
  SAY(open("d/shown", O_TMPFILE | O_RDWR, 0600));
  SAY(open("none", O_TMPFILE | O_RDWR, 0600));
}
