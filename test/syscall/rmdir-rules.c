// only empty directories, not dot, not what is in use as a name.
#include "say.h"
int main(void) {
  mkdir("d", 0755), mkdir("d/e", 0755), close(file_with("f", ""));
  SAY(rmdir("d"));
  SAY(rmdir("f"));
  SAY(rmdir("none"));
  SAY(rmdir("d/e/."));
  SAY(rmdir("d/e/.."));
  SAY(rmdir("/"));
  SAY(unlink("d"));
  SAY(unlinkat(AT_FDCWD, "d/e", AT_REMOVEDIR));
  SAY(unlinkat(AT_FDCWD, "d", 0));
  SAY(unlinkat(AT_FDCWD, "d", 0x800));
  SAY(rmdir("d"));
}
