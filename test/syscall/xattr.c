// Extended attributes: user ones on files and directories, sizes, create and replace, lists.
#include "say.h"
#include <sys/xattr.h>
int main(void) {
  char b[100] = "";
  int f = file_with("f", "x");
  SAY(getxattr("f", "user.a", b, 100));
  SAY(setxattr("f", "user.a", "value", 5, 0));
  SAY(setxattr("f", "user.a", "value", 5, XATTR_CREATE));
  SAY(setxattr("f", "user.b", "value", 5, XATTR_REPLACE));
  SAY(getxattr("f", "user.a", b, 100));
  puts(b);
  SAY(getxattr("f", "user.a", b, 0));
  SAY(getxattr("f", "user.a", b, 3));
  SAY(fsetxattr(f, "user.b", "", 0, 0));
  SAY(listxattr("f", 0, 0));
  SAY(listxattr("f", b, 3));
  SAY(flistxattr(f, b, 100));
  SAY(fgetxattr(f, "user.b", b, 100));
  SAY(removexattr("f", "user.a"));
  SAY(removexattr("f", "user.a"));
  symlink("f", "l");
  SAY(lsetxattr("l", "user.a", "x", 1, 0));
  SAY(lgetxattr("l", "user.b", b, 100));
  SAY(getxattr("l", "user.b", b, 100));
  SAY(setxattr("f", "", "x", 1, 0));
  SAY(setxattr("f", "bad", "x", 1, 0));
  SAY(setxattr("f", "user.c", "x", 1, 8));
  SAY(setxattr("f", "user.c", "x", 70000, 0));
  SAY(setxattr("f", "user.c", (void *)8, 1, 0));
  SAY(setxattr("none", "user.c", "x", 1, 0));
  mkdir("d", 0755);
  SAY(setxattr("d", "user.c", "x", 1, 0));
  mkfifo("p", 0600);
  SAY(setxattr("p", "user.c", "x", 1, 0));
}
