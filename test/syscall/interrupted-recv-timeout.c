// recv with a time limit: never restarted.
#include "interrupt.h"
int main(void) {
  int s[2];
  socketpair(AF_UNIX, SOCK_STREAM, 0, s);
  char b[9];
  struct timeval t = {5, 0};
  setsockopt(s[0], SOL_SOCKET, SO_RCVTIMEO, &t, sizeof t);
  INTERRUPTED(recv(s[0], b, 9, 0));
}
