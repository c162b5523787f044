// kinds of nodes.
#include "say.h"
int main(void) {
  struct stat s;
  SAY(mknod("f", S_IFREG | 0600, 0));
  SAY(mknod("p", S_IFIFO | 0600, 0));
  SAY(mknod("s", S_IFSOCK | 0600, 0));
  SAY(mknod("d", S_IFDIR | 0600, 0));
  SAY(mknod("f", S_IFREG | 0600, 0));
  SAY(mknod("x", 0170000 | 0600, 0));
  stat("s", &s), printf("%o\n", s.st_mode);
  SAY(mknod("null", S_IFCHR | 0666, 0x103));
  stat("null", &s), printf("%o %lx\n", s.st_mode, (long)s.st_rdev);
  SAY(mkfifo("none/p", 0600));
}
