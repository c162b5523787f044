// ICRNL, INLCR, IGNCR, ISTRIP.
#include "pty.h"
static void in(int flags) {
  struct termios t;
  tcgetattr(slave, &t);
  t.c_iflag = flags;
  tcsetattr(slave, TCSANOW, &t);
  write(master, "x\ry\n\xe1\n", 6);
  take("slave", slave);
  take("slave", slave);
  take("slave", slave);
  tcflush(slave, TCIOFLUSH);
}
int main(void) {
  pair();
  local(ECHO, 0);
  in(ICRNL);
  in(INLCR);
  in(IGNCR);
  in(0);
  in(ICRNL | ISTRIP);
}
