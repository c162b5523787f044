// read of a terminal: what a signal makes of it.
#include "interrupt.h"
#include "pty.h"
int main(void) {
  pair();
  char b[9];
  INTERRUPTED(read(slave, b, 9));
}
