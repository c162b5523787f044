// SIGPIPE at the second write to who is gone; MSG_NOSIGNAL prevents it.
#include "inet.h"
static volatile int got;
static void on(int s) { got = s; }
int main(void) {
  int c[2];
  signal(SIGPIPE, on);
  connection(c);
  SAY(shutdown(c[0], SHUT_WR));
  SAY(send(c[0], "x", 1, MSG_NOSIGNAL));
  SAY(got);
  SAY(send(c[0], "x", 1, 0));
  SAY(got == SIGPIPE);
}
