// splice, tee of an empty pipe: what a signal makes of them.
#include "interrupt.h"
int main(void) {
  int p[2];
  pipe(p);
  int q[2], out = open("out", O_WRONLY | O_CREAT, 0600);
  pipe(q);
  INTERRUPTED(splice(p[0], 0, out, 0, 10, 0));
  INTERRUPTED(tee(p[0], q[1], 10, 0));
}
