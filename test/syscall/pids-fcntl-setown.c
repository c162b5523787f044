// F_SETOWN: processes of every kind, and none.
#include "pids.h"
int main(void) {
  int f = open("/dev/null", O_RDONLY);
  PIDS(fcntl(f, F_SETOWN, pid < 0 ? 1 : pid));
  PIDS(fcntl(f, F_GETOWN) > 0);
}
