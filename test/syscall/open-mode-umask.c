// the umask drops bits of new files and directories.
#include "say.h"
int main(void) {
  umask(027);
  struct stat s;
  close(open("f", O_CREAT | O_RDWR, 0666)), mkdir("d", 0777), mkfifo("p", 0666);
  stat("f", &s), printf("%o ", s.st_mode);
  stat("d", &s), printf("%o ", s.st_mode);
  stat("p", &s), printf("%o\n", s.st_mode);
  SAY(umask(0));
  SAY(umask(0777));
}
