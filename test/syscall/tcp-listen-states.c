// listen without a name takes a port; twice is fine; not on a connected socket; shutdown stops it.
#include "inet.h"
int main(void) {
  int s = socket(AF_INET, SOCK_STREAM, 0), c[2];
  SAY(listen(s, 1));
  SAY(listen(s, 5));
  SAY(port_of(s) > 0);
  char b;
  SAY(read(s, &b, 1));
  SAY(send(s, "x", 1, MSG_NOSIGNAL));
  connection(c);
  SAY(listen(c[0], 1));
  int u = socket(AF_INET, SOCK_DGRAM, 0);
  SAY(listen(u, 1));
  SAY(accept(u, 0, 0));
  SAY(accept(socket(AF_INET, SOCK_STREAM, 0), 0, 0));
  SAY(shutdown(socket(AF_INET, SOCK_STREAM, 0), 1));
  SAY(shutdown(s, SHUT_RD));
  SAY(accept(s, 0, 0));
}
