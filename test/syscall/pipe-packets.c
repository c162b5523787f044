// O_DIRECT pipes keep packets: one a read, the rest of it dropped.
#include "say.h"
int main(void) {
  int p[2];
  static char b[10000];
  SAY(pipe2(p, O_DIRECT | O_NONBLOCK));
  SAY(write(p[1], "first", 5));
  SAY(write(p[1], "second", 6));
  SAY(write(p[1], b, 5000));
  SAY(read(p[0], b, 3));
  SAY(read(p[0], b, 100));
  SAY(read(p[0], b, 10000));
  SAY(read(p[0], b, 10000));
  SAY(read(p[0], b, 10000));
}
