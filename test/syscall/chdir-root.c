// chdir, fchdir and chroot.
#include "say.h"
int main(void) {
  char b[300];
  mkdir("d", 0755), mkdir("d/e", 0755), close(file_with("d/f", "x"));
  int d = open("d", O_RDONLY);
  SAY(chdir("d/e"));
  SAY(fchdir(d));
  SAY(access("f", F_OK));
  SAY(chdir("f"));
  SAY(chdir("none"));
  SAY(fchdir(open("f", O_RDONLY)));
  SAY(chroot("e"));
  SAY(chdir("/"));
  SAY(getcwd(b, 300) != 0);
  puts(b);
  SAY(access("/f", F_OK));
  SAY(access("/../f", F_OK));
}
