// AT_EMPTY_PATH and AT_FDCWD, bad directories.
#include "say.h"
int main(void) {
  struct stat s;
  int f = file_with("f", "123");
  SAY(fstatat(f, "", &s, AT_EMPTY_PATH));
  SAY(s.st_size);
  SAY(fstatat(f, "", &s, 0));
  SAY(fstatat(f, "x", &s, 0));
  SAY(fstatat(99, "x", &s, 0));
  SAY(fstatat(99, "/", &s, 0));
  SAY(fstatat(AT_FDCWD, "f", &s, 0x4));
}
