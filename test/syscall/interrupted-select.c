// On select: never restarted.
#include "interrupt.h"
int main(void) {
  int p[2];
  pipe(p);
  fd_set r;
  FD_ZERO(&r);
  FD_SET(p[0], &r);
  struct timeval t = {5, 0};
  INTERRUPTED(select(p[0] + 1, &r, 0, 0, &t));
}
