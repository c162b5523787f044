// O_DIRECTORY, directories refuse writing, trailing slashes.
#include "say.h"
int main(void) {
  mkdir("d", 0755), close(file_with("f", "x"));
  SAY(open("d", O_RDONLY | O_DIRECTORY) > 0);
  SAY(open("f", O_RDONLY | O_DIRECTORY));
  SAY(open("d", O_WRONLY));
  SAY(open("d", O_RDWR | O_CREAT, 0600));
  SAY(open("f/", O_RDONLY));
  SAY(open("new/", O_RDWR | O_CREAT, 0600));
  SAY(open("f/x", O_RDONLY));
  SAY(open("none/x", O_RDONLY));
  SAY(open("", O_RDONLY));
  char b[4];
  SAY(read(open("d", O_RDONLY), b, 4));
}
