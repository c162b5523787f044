// On ppoll: never restarted.
#include "interrupt.h"
int main(void) {
  int p[2];
  pipe(p);
  struct pollfd f = {p[0], POLLIN, 0};
  struct timespec t = {5, 0};
  INTERRUPTED(ppoll(&f, 1, &t, 0));
}
