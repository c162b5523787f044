// O_CREAT with O_EXCL makes a file once, also over a dangling link.
#include "say.h"
int main(void) {
  SAY(open("f", O_CREAT | O_EXCL | O_RDWR, 0600) > 0);
  SAY(open("f", O_CREAT | O_EXCL | O_RDWR, 0600));
  symlink("nowhere", "l");
  SAY(open("l", O_CREAT | O_EXCL | O_RDWR, 0600));
  SAY(open("l", O_CREAT | O_RDWR, 0600) > 0);
  SAY(access("nowhere", F_OK));
}
