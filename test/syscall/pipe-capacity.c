// sizes, what does not fit, atomic small writes.
#include "say.h"
int main(void) {
  int p[2];
  static char b[200000];
  pipe2(p, O_NONBLOCK);
  SAY(fcntl(p[0], F_GETPIPE_SZ));
  SAY(write(p[1], b, sizeof b));
  SAY(write(p[1], b, 1));
  SAY(read(p[0], b, 4095));
  SAY(write(p[1], b, 4096));
  SAY(read(p[0], b, 1));
  SAY(write(p[1], b, 4096) == 4096);
  SAY(fcntl(p[0], F_SETPIPE_SZ, 4096));
  while (read(p[0], b, sizeof b) > 0) ;
  SAY(fcntl(p[0], F_SETPIPE_SZ, 5000));
  SAY(write(p[1], b, 10000));
}
