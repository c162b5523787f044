// splice from a socket to a pipe and to a socket.
#include "say.h"
int main(void) {
  int s[2], p[2];
  char b[10] = "";
  socketpair(AF_UNIX, SOCK_STREAM, 0, s), pipe(p);
  write(s[0], "over", 4);
  SAY(splice(s[1], 0, p[1], 0, 10, 0));
  SAY(splice(p[0], 0, s[1], 0, 10, 0));
  SAY(read(s[0], b, 10));
  puts(b);
  close(s[0]);
  SAY(splice(s[1], 0, p[1], 0, 10, 0));
}
