// ^S stops output, ^Q lets it go on; TCOOFF and TCOON likewise.
#include "pty.h"
int main(void) {
  pair();
  type("\x13");
  fcntl(slave, F_SETFL, O_NONBLOCK);
  SAY(write(slave, "a", 1));
  SAY(ready(slave) & POLLOUT);
  type("\x11");
  SAY(write(slave, "b", 1));
  take("shown", master);
  SAY(tcflow(slave, TCOOFF));
  SAY(write(slave, "c", 1));
  SAY(tcflow(slave, TCOON));
  SAY(write(slave, "d", 1));
  take("shown", master);
}
