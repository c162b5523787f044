// What a signal makes of recv.
#include "interrupt.h"
int main(void) {
  int s[2];
  socketpair(AF_UNIX, SOCK_STREAM, 0, s);
  char b[9];
  INTERRUPTED(recv(s[0], b, 9, 0));
}
