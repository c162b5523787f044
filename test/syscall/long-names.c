// names and paths that are too long.
#include "say.h"
int main(void) {
  char name[5000];
  memset(name, 'n', sizeof name);
  name[255] = 0;
  SAY(open(name, O_CREAT | O_RDWR, 0600) >= 0);
  name[255] = 'n', name[256] = 0;
  SAY(open(name, O_CREAT | O_RDWR, 0600));
  memset(name, '/', sizeof name), name[4095] = 0;
  SAY(access(name, F_OK));
  name[4095] = '/', name[4096] = 0;
  SAY(access(name, F_OK));
  SAY(symlink("x", ""));
  SAY(symlink("", "x"));
}
