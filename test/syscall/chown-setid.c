// chown drops set-id bits and keeps what -1 says.
#include "say.h"
int main(void) {
  struct stat s;
  close(file_with("f", "x")), chmod("f", 06755);
  SAY(chown("f", 5, -1));
  stat("f", &s), printf("%d %d %o\n", s.st_uid, s.st_gid, s.st_mode);
  SAY(chown("f", -1, 7));
  stat("f", &s), printf("%d %d\n", s.st_uid, s.st_gid);
  symlink("f", "l");
  SAY(lchown("l", 9, 9));
  lstat("l", &s), printf("%d\n", s.st_uid);
  stat("f", &s), printf("%d\n", s.st_uid);
  SAY(fchownat(AT_FDCWD, "l", 3, 3, AT_SYMLINK_NOFOLLOW));
  SAY(chown("none", 1, 1));
}
