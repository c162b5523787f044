// write of more than a pipe holds: the part that went.
#include "interrupt.h"
int main(void) {
  int p[2];
  pipe(p);
  static char big[100000];
  INTERRUPTED(write(p[1], big, sizeof big));
}
