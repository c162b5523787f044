// A receiver's queue holds so many messages; who does not wait gets EAGAIN.
#include "say.h"
int main(void) {
  int s[2];
  socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0, s);
  int sent = 0;
  while (write(s[0], "m", 1) == 1 && sent < 100000) sent++;
  printf("%s, some: %d\n", strerrorname_np(errno), sent > 5);
  char b[2];
  SAY((ready(s[0]) & POLLOUT) != 0);
  SAY(read(s[1], b, 2));
  for (int i = 1; i < sent; i++) read(s[1], b, 2);
  SAY((ready(s[0]) & POLLOUT) != 0);
  SAY(read(s[1], b, 2));
  static char big[1 << 20];
  SAY(write(s[0], big, sizeof big));
}
