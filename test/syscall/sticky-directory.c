// in a sticky directory only owners remove.
#include "say.h"
int main(void) {
  mkdir("d", 01777), chmod("d", 01777), close(file_with("d/f", "x")), chmod(".", 0755);
  setresuid(1000, 1000, 1000);
  SAY(unlink("d/f"));
  SAY(rename("d/f", "d/g"));
  SAY(close(open("d/own", O_CREAT | O_RDWR, 0600)));
  SAY(unlink("d/own"));
}
