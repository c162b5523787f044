// pieces in order, empty ones, too many, bad counts.
#include "say.h"
int main(void) {
  char a[4] = "", b[4] = "", c[4] = "";
  int f = file_with("f", "");
  struct iovec w[3] = {{"one", 3}, {"", 0}, {"two", 3}}, r[3] = {{a, 2}, {b, 3}, {c, 3}};
  SAY(writev(f, w, 3));
  lseek(f, 0, SEEK_SET);
  SAY(readv(f, r, 3));
  printf("%s %s %s\n", a, b, c);
  SAY(preadv(f, r, 1, 3));
  SAY(pwritev(f, w, 1, 1));
  SAY(readv(f, r, -1));
  SAY(readv(f, r, 1025));
  SAY(readv(f, r, 0));
  r[0].iov_len = -1;
  SAY(readv(f, r, 1));
}
