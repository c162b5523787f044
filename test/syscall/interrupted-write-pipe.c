// write to a full pipe: what a signal makes of it.
#include "interrupt.h"
int main(void) {
  int p[2];
  pipe(p);
  static char big[100000];
  write(p[1], big, 65536);
  INTERRUPTED(write(p[1], big, sizeof big));
}
