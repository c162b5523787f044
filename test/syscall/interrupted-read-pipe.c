// read of an empty pipe: what a signal makes of it.
#include "interrupt.h"
int main(void) {
  int p[2];
  pipe(p);
  char byte;
  INTERRUPTED(read(p[0], &byte, 1));
}
