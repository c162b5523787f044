// sync_file_range: arguments.
#include "say.h"
int main(void) {
  int f = file_with("x", "abc"), p[2];
  pipe(p);
  SAY(sync_file_range(f, 0, 0, SYNC_FILE_RANGE_WRITE));
  SAY(sync_file_range(f, -1, 0, 0));
  SAY(sync_file_range(f, 0, 0, 8));
  SAY(sync_file_range(p[0], 0, 0, 0));
  SAY(sync_file_range(99, 0, 0, 0));
}
