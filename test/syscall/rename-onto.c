// renameat, renameat2, rename: onto directories, full ones, themselves, what lies below them.
#include "say.h"
static void all(const char *from, const char *to) {
  printf("%s to %s\n", from, to);
  SAY(syscall(SYS_rename, from, to));
  SAY(syscall(SYS_renameat, AT_FDCWD, from, AT_FDCWD, to));
  SAY(syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0));
}
int main(void) {
  mkdir("d", 0755), mkdir("d/e", 0755), mkdir("empty", 0755), close(file_with("f", "x"));
  all("f", "d");
  all("d", "f");
  all("empty", "d");
  all("d", "d/e/x");
  all("f", "f");
  all("f", "f/x");
  all("d/.", "x");
  all("d/e/..", "x");
  all("f", "d/e/");
}
