// A working directory whose path is longer than PATH_MAX, and one that was removed while open.
#include "say.h"
int main(void) {
  static char name[256], path[10000];
  memset(name, 'd', 200);
  int top = open(".", O_RDONLY);
  for (int i = 0; i < 22; i++) mkdir(name, 0755), chdir(name);
  SAY(syscall(SYS_getcwd, path, 10000L));
  for (int i = 0; i < 22; i++) chdir(".."), rmdir(name);
  SAY(fchdir(top));
  mkdir("d", 0755);
  int d = open("d", O_RDONLY);
  rmdir("d");
  SAY(syscall(SYS_getdents64, d, path, 10000L));
}
