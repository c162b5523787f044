// Resets: closing with unread data, SO_LINGER of 0, writing to who is gone.
#include "inet.h"
int main(void) {
  int c[2];
  char b[10];
  signal(SIGPIPE, SIG_IGN);
  connection(c);
  write(c[0], "unread", 6);
  write(c[1], "data", 4);
  close(c[1]);
  sleep_ms(10);
  SAY(ready(c[0]));
  SAY(read(c[0], b, 10));
  SAY(read(c[0], b, 10));
  SAY(read(c[0], b, 10));
  SAY(write(c[0], "x", 1));
  connection(c);
  struct linger now = {1, 0};
  SAY(setsockopt(c[1], SOL_SOCKET, SO_LINGER, &now, sizeof now));
  close(c[1]);
  SAY(ready(c[0]));
  SAY(option(c[0], SOL_SOCKET, SO_ERROR) == ECONNRESET);
  SAY(read(c[0], b, 10));
  SAY(write(c[0], "x", 1));
  connection(c);
  close(c[1]);
  SAY(ready(c[0]));
  SAY(write(c[0], "x", 1));
  SAY(ready(c[0]));
  SAY(write(c[0], "x", 1));
  SAY(write(c[0], "x", 1));
  SAY(read(c[0], b, 10));
}
