// space, holes, zeros.
#include "say.h"
int main(void) {
  int f = file_with("f", "0123456789");
  char b[20];
  SAY(fallocate(f, 0, 0, 20));
  SAY(lseek(f, 0, SEEK_END));
  SAY(fallocate(f, FALLOC_FL_KEEP_SIZE, 0, 100));
  SAY(lseek(f, 0, SEEK_END));
  SAY(fallocate(f, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 2, 3));
  SAY(pread(f, b, 10, 0));
  for (int i = 0; i < 10; i++) printf("%02x ", b[i]);
  puts("");
  SAY(fallocate(f, FALLOC_FL_PUNCH_HOLE, 2, 3));
  SAY(fallocate(f, 0, -1, 3));
  SAY(fallocate(f, 0, 0, 0));
  int p[2];
  pipe(p);
  SAY(fallocate(p[1], 0, 0, 1));
  SAY(posix_fallocate(f, 0, 50));
}
