// send into a full socket: what a signal makes of it.
#include "interrupt.h"
int main(void) {
  int s[2];
  socketpair(AF_UNIX, SOCK_STREAM, 0, s);
  static char big[100000];
  while (send(s[0], big, sizeof big, MSG_DONTWAIT) > 0);
  INTERRUPTED(send(s[0], big, sizeof big, 0));
}
