// FIONREAD, SIOCOUTQ, FIONBIO, SIOCATMARK.
#include "inet.h"
#include <linux/sockios.h>
int main(void) {
  int c[2], v = -1, on = 1;
  connection(c);
  SAY(ioctl(c[1], FIONREAD, &v));
  SAY(v);
  write(c[0], "12345", 5);
  SAY(ioctl(c[1], FIONREAD, &v));
  SAY(v);
  SAY(ioctl(c[1], SIOCATMARK, &v));
  SAY(ioctl(c[1], FIONBIO, &on));
  char b[9];
  SAY(read(c[1], b, 9));
  SAY(read(c[1], b, 9));
  SAY(ioctl(c[1], TIOCGWINSZ, b));
  int port, l = listener(&port);
  SAY(ioctl(l, FIONREAD, &v));
}
