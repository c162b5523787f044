// read of an eventfd: what a signal makes of it.
#include "interrupt.h"
int main(void) {
  int e = eventfd(0, 0);
  uint64_t v;
  INTERRUPTED(read(e, &v, 8));
}
