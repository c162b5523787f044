// another user meets the mode bits.
#include "say.h"
int main(void) {
  close(file_with("f", "x")), chmod("f", 0600), mkdir("d", 0700), chmod(".", 0755);
  SAY(setresuid(1000, 1000, 1000));
  SAY(open("f", O_RDONLY));
  SAY(open("d/x", O_RDONLY));
  SAY(open("new", O_CREAT | O_RDWR, 0600));
  SAY(unlink("f"));
  SAY(chmod("f", 0644));
  SAY(chown("f", 1000, 1000));
  SAY(setuid(0));
  SAY(rename("f", "g"));
  SAY(symlink("a", "b"));
  SAY(kill(getppid(), 0));
}
