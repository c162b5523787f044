// the fields asked for and the mask that comes back.
#include "say.h"
int main(void) {
  close(file_with("f", "12345"));
  struct statx x;
  SAY(statx(AT_FDCWD, "f", 0, STATX_BASIC_STATS, &x));
  printf("%o %llu %u %x\n", x.stx_mode, (unsigned long long)x.stx_size, x.stx_nlink, x.stx_mask & STATX_BASIC_STATS);
  SAY(statx(AT_FDCWD, "", AT_EMPTY_PATH, STATX_TYPE, &x));
  SAY(S_ISDIR(x.stx_mode));
  SAY(statx(AT_FDCWD, "none", 0, STATX_SIZE, &x));
  SAY(statx(AT_FDCWD, "f", 0, 0x80000000, &x));
  SAY(statx(AT_FDCWD, "f", 0x10, 0, &x));
  SAY(statx(99, "f", 0, 0, &x));
}
