// O_TRUNC empties, O_APPEND writes at the end whatever the position.
#include "say.h"
int main(void) {
  int f = file_with("f", "content");
  SAY(open("f", O_RDONLY | O_TRUNC) > 0);
  struct stat s;
  fstat(f, &s);
  SAY(s.st_size);
  int a = open("f", O_RDWR | O_APPEND);
  write(a, "one", 3), lseek(a, 0, SEEK_SET), write(a, "two", 3);
  SAY(pwrite(a, "three", 5, 0));
  char b[20] = "";
  SAY(pread(a, b, 20, 0));
  puts(b);
  SAY(lseek(a, 0, SEEK_CUR));
}
