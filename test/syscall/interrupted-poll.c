// On poll: never restarted.
#include "interrupt.h"
int main(void) {
  int p[2];
  pipe(p);
  struct pollfd f = {p[0], POLLIN, 0};
  INTERRUPTED(poll(&f, 1, 5000));
}
