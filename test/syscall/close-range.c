// a range, marks instead of closes, own copies of the table.
#include "say.h"
int main(void) {
  for (int i = 3; i < 10; i++) dup2(0, i);
  SAY(close_range(5, 7, 0));
  SAY(fcntl(6, F_GETFD));
  SAY(fcntl(8, F_GETFD));
  SAY(close_range(8, 100, CLOSE_RANGE_CLOEXEC));
  SAY(fcntl(8, F_GETFD));
  SAY(close_range(9, 3, 0));
  SAY(close_range(3, 4, 0x100));
  SAY(close_range(3, ~0U, 0));
  SAY(fcntl(9, F_GETFD));
}
