// a set-group-ID directory passes its group on.
#include "say.h"
int main(void) {
  struct stat s;
  mkdir("d", 0755), chown("d", 0, 7), chmod("d", 02755);
  close(file_with("d/f", "x")), mkdir("d/e", 0755);
  stat("d/f", &s), printf("%d %o\n", s.st_gid, s.st_mode);
  stat("d/e", &s), printf("%d %o\n", s.st_gid, s.st_mode);
}
