// a working directory that was removed.
#include "say.h"
int main(void) {
  char b[300];
  mkdir("d", 0755), chdir("d"), rmdir("../d");
  SAY(getcwd(b, 300) ? 1 : -1);
  SAY(open("f", O_CREAT | O_RDWR, 0600));
  SAY(mkdir("x", 0755));
  SAY(chdir(".."));
  SAY(access("d", F_OK));
}
