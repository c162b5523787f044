// Extended attributes: names without a namespace that exists, existing and missing ones, buffers that are too small.
#include "say.h"
#include <sys/xattr.h>
int main(void) {
  char b[100];
  int f = file_with("f", "x");
  SAY(setxattr("f", "odd.a", "1", 1, 0));
  SAY(lsetxattr("f", "odd.a", "1", 1, 0));
  SAY(fsetxattr(f, "odd.a", "1", 1, 0));
  SAY(getxattr("f", "odd.a", b, 100));
  SAY(lgetxattr("f", "odd.a", b, 100));
  SAY(fgetxattr(f, "odd.a", b, 100));
  SAY(removexattr("f", "odd.a"));
  SAY(lremovexattr("f", "odd.a"));
  SAY(fremovexattr(f, "odd.a"));
  SAY(lsetxattr("f", "user.a", "long", 4, 0));
  SAY(lsetxattr("f", "user.a", "1", 1, XATTR_CREATE));
  SAY(fsetxattr(f, "user.a", "1", 1, XATTR_CREATE));
  SAY(lsetxattr("f", "user.b", "1", 1, XATTR_REPLACE));
  static char name[400] = "user.";
  memset(name + 5, 'n', 300);
  SAY(lsetxattr("f", name, "1", 1, 0));
  SAY(fsetxattr(f, name, "1", 1, 0));
  SAY(fgetxattr(f, "user.a", b, 1));
  SAY(llistxattr("f", b, 1));
  SAY(listxattr("/proc/self/status", b, 100));
}
