// preadv2 and pwritev2: appending, not waiting, flags that do not fit.
#include "say.h"
static char b[20];
static struct iovec v = {b, 4};
static long get(int fd, long at, int flags) { return syscall(SYS_preadv2, fd, &v, 1L, at, 0L, flags); }
static long put(int fd, long at, int flags) { return syscall(SYS_pwritev2, fd, &v, 1L, at, 0L, flags); }
int main(void) {
  int f = file_with("f", "0123456789"), p[2], s[2];
  SAY(get(f, 2, 0));
  printf("%.4s\n", b);
  SAY(get(f, 0, 8));
  SAY(get(f, 0, 16));
  SAY(get(f, 0, 64 | 128));
  SAY(put(f, 0, 16));
  SAY(lseek(f, 0, SEEK_CUR));
  SAY(put(f, -1, 16));
  SAY(lseek(f, 0, SEEK_CUR));
  SAY(lseek(f, 0, SEEK_END));
  SAY(put(f, 0, 2 | 4));
  pipe(p), socketpair(AF_UNIX, SOCK_STREAM, 0, s);
  SAY(get(p[0], -1, 8));
  SAY(get(s[0], -1, 8));
  SAY(put(p[1], -1, 8));
  SAY(get(p[0], -1, 8));
  SAY(put(p[1], 0, 0));
  SAY(put(f, -2, 0));
}
