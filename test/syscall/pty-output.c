// What output becomes: ONLCR, OCRNL, ONLRET, raw.
#include "pty.h"
static void out(int flags) {
  struct termios t;
  tcgetattr(slave, &t);
  t.c_oflag = flags;
  tcsetattr(slave, TCSANOW, &t);
  write(slave, "a\nb\rc\td\r\n", 9);
  take("master", master);
}
int main(void) {
  pair();
  out(OPOST | ONLCR);
  out(0);
  out(OPOST);
  out(OPOST | OCRNL);
  out(OPOST | ONOCR);
  out(OPOST | ONLRET);
  out(OPOST | OLCUC);
  out(OPOST | TABDLY);
}
