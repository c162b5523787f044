// what poll says of files, directories, devices and nothing.
#include "say.h"
int main(void) {
  int f = file_with("f", "x"), d = open(".", O_RDONLY), n = open("/dev/null", O_RDWR);
  printf("%x %x %x\n", ready(f), ready(d), ready(n));
  struct pollfd p[2] = {{99, POLLIN, 0}, {-1, POLLIN, 7}};
  SAY(poll(p, 2, 0));
  printf("%x %x\n", p[0].revents, p[1].revents);
  SAY(poll(0, 0, 10));
  SAY(poll(p, 100000, 0));
  struct timespec bad = {0, -1};
  SAY(ppoll(p, 1, &bad, 0));
}
