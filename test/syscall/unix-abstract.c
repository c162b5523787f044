// Abstract names: any bytes, freed with the socket; a name chosen by the kernel.
#include "say.h"
int main(void) {
  struct sockaddr_un a = {AF_UNIX, "\0elfin test"}, b;
  socklen_t length = 2 + 11, n = sizeof b;
  int s = socket(AF_UNIX, SOCK_STREAM, 0), d = socket(AF_UNIX, SOCK_STREAM, 0), c = socket(AF_UNIX, SOCK_STREAM, 0);
  SAY(bind(s, (void *)&a, length));
  SAY(bind(d, (void *)&a, length));
  SAY(listen(s, 1));
  SAY(connect(c, (void *)&a, length + 1));
  SAY(connect(c, (void *)&a, length));
  SAY(getpeername(c, (void *)&b, &n));
  printf("%d %d %s\n", n, b.sun_path[0], b.sun_path + 1);
  close(s);
  SAY(bind(d, (void *)&a, length));
  int e = socket(AF_UNIX, SOCK_DGRAM, 0);
  SAY(bind(e, (void *)&a, 2));
  n = sizeof b;
  SAY(getsockname(e, (void *)&b, &n));
  printf("%d %d\n", n, b.sun_path[0]);
}
