// Packet mode: data after a zero byte, and what else happened.
#include "pty.h"
int main(void) {
  pair();
  int on = 1;
  SAY(ioctl(master, TIOCPKT, &on));
  write(slave, "data", 4);
  take("data", master);
  tcflush(slave, TCIFLUSH);
  SAY(ready(master) & POLLPRI);
  take("flush", master);
  tcflow(slave, TCOOFF);
  take("stop", master);
  tcflow(slave, TCOON);
  take("start", master);
}
