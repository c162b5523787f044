// MSG_TRUNC drops bytes of a stream, MSG_PEEK with it counts them; MSG_WAITALL.
#include "inet.h"
int main(void) {
  int c[2];
  char b[9] = "";
  connection(c);
  write(c[0], "abcdefgh", 8);
  SAY(recv(c[1], b, 3, MSG_TRUNC));
  SAY(recv(c[1], b, 2, MSG_PEEK));
  SAY(recv(c[1], b, 5, MSG_WAITALL));
  puts(b);
}
