// lsetxattr and its relatives act on the link, which may not have user attributes.
#include "say.h"
#include <sys/xattr.h>
int main(void) {
  char b[100];
  int f = file_with("f", "x");
  symlink("f", "l");
  SAY(setxattr("l", "user.a", "1", 1, 0));
  SAY(getxattr("f", "user.a", b, 100));
  SAY(lsetxattr("l", "user.a", "1", 1, 0));
  SAY(lgetxattr("l", "user.a", b, 100));
  SAY(llistxattr("l", b, 100));
  SAY(lremovexattr("l", "user.a"));
  SAY(lsetxattr("f", "user.b", "22", 2, XATTR_CREATE));
  SAY(lgetxattr("f", "user.b", b, 100));
  SAY(lgetxattr("f", "user.b", b, 1));
  SAY(lremovexattr("f", "user.b"));
  SAY(lremovexattr("f", "user.b"));
  SAY(fremovexattr(f, "user.a"));
  SAY(fremovexattr(f, "user.a"));
  SAY(fgetxattr(f, "user.a", b, 100));
  SAY(fsetxattr(f, "user.c", "1", 1, XATTR_REPLACE));
  SAY(fsetxattr(f, "nonsense", "1", 1, 0));
}
