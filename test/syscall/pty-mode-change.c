// From lines to raw: the line in the making is there; FIONREAD, TCFLSH.
#include "pty.h"
int main(void) {
  int n;
  pair();
  type("done\nhalf");
  ioctl(slave, FIONREAD, &n);
  SAY(n);
  local(ICANON, 0);
  ioctl(slave, FIONREAD, &n);
  SAY(n);
  take("raw", slave);
  local(0, ICANON);
  type("lost\n");
  SAY(tcflush(slave, TCIFLUSH));
  take("flushed", slave);
  take("echo", master);
  SAY(ioctl(slave, TCFLSH, 7));
  SAY(ioctl(slave, TCXONC, 9));
}
