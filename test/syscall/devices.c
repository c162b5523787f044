// null, zero, full, urandom.
#include "say.h"
int main(void) {
  char b[8] = "12345678";
  int n = open("/dev/null", O_RDWR), z = open("/dev/zero", O_RDWR), f = open("/dev/full", O_RDWR), r = open("/dev/urandom", O_RDONLY);
  SAY(read(n, b, 8));
  SAY(write(n, b, 8));
  SAY(read(z, b, 4));
  printf("%d %c\n", b[0], b[4]);
  SAY(write(f, b, 1));
  SAY(read(f, b, 8));
  SAY(read(r, b, 8));
  SAY(lseek(n, 5, SEEK_SET));
  SAY(mmap(0, 4096, PROT_READ, MAP_PRIVATE, z, 0) == MAP_FAILED ? -1 : 0);
  SAY(mmap(0, 4096, PROT_READ, MAP_PRIVATE, n, 0) == MAP_FAILED ? -1 : 0);
  SAY(ioctl(n, TIOCGWINSZ, b));
}
