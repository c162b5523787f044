// Raw mode: VMIN and VTIME.
#include "pty.h"
static void raw(int min, int time) {
  struct termios t;
  tcgetattr(slave, &t);
  cfmakeraw(&t);
  t.c_cc[VMIN] = min, t.c_cc[VTIME] = time;
  tcsetattr(slave, TCSANOW, &t);
}
int main(void) {
  char b[20];
  pair();
  raw(1, 0);
  type("a\r\x03");
  show("raw", b, read(slave, b, 20));
  take("echo", master);
  raw(0, 0);
  SAY(read(slave, b, 20));
  raw(0, 1);
  SAY(read(slave, b, 20));
  type("x");
  SAY(read(slave, b, 20));
  raw(3, 0);
  type("12");
  SAY(ready(slave));
  type("3");
  SAY(ready(slave));
  SAY(read(slave, b, 20));
  pid_t pid = fork();
  if (pid == 0) { for (int i = 0; i < 3; i++) sleep_ms(10), type("k"); _exit(0); }
  SAY(read(slave, b, 20));
  reap(pid);
  raw(3, 1);
  type("1");
  SAY(read(slave, b, 20));
  fcntl(slave, F_SETFL, O_NONBLOCK);
  raw(1, 0);
  SAY(read(slave, b, 20));
}
