// getdents: names, types behind them, small buffers.
#include "say.h"
struct old { unsigned long ino, off; unsigned short reclen; char name[]; };
int main(void) {
  char b[4096];
  mkdir("d", 0755), mkdir("d/sub", 0755), close(file_with("d/file", "x"));
  int fd = open("d", O_RDONLY), seen = 0;
  long n = syscall(SYS_getdents, fd, b, sizeof b);
  printf("%d\n", n > 0);
  for (long at = 0; at < n; at += ((struct old *)(b + at))->reclen) {
    struct old *e = (void *)(b + at);
    seen += e->name[0] * (1 + (b + at)[e->reclen - 1]);
  }
  printf("%d\n", seen);
  SAY(syscall(SYS_getdents, fd, b, sizeof b));
  lseek(fd, 0, SEEK_SET);
  SAY(syscall(SYS_getdents, fd, b, 8));
  SAY(rmdir("d/sub"));
  unlink("d/file"), rmdir("d");
  SAY(syscall(SYS_getdents, fd, b, sizeof b));
}
