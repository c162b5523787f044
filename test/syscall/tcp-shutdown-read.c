// shutdown of reading: the end at once; the peer does not notice.
#include "inet.h"
int main(void) {
  int c[2];
  char b[9];
  connection(c);
  SAY(shutdown(c[0], SHUT_RD));
  SAY(ready(c[0]));
  SAY(read(c[0], b, 9));
  SAY(write(c[1], "abc", 3));
  SAY(shutdown(c[0], SHUT_RDWR));
  SAY(ready(c[0]));
  SAY(ready(c[1]));
  SAY(read(c[1], b, 9));
}
