// entries, positions, rewinding.
#include "say.h"
#include <dirent.h>
int main(void) {
  mkdir("d", 0755), mkdir("d/sub", 0755), close(file_with("d/file", "")), symlink("x", "d/link"), mkfifo("d/pipe", 0600);
  DIR *d = opendir("d");
  struct dirent *e;
  int types = 0, count = 0;
  while ((e = readdir(d))) count++, types += e->d_type;
  printf("%d %d\n", count, types);
  rewinddir(d);
  SAY(readdir(d) != 0);
  long at = telldir(d);
  readdir(d), readdir(d);
  seekdir(d, at);
  count = 1;
  while (readdir(d)) count++;
  SAY(count);
  char b[10];
  SAY(syscall(SYS_getdents64, dirfd(d), b, 0));
  lseek(dirfd(d), 0, SEEK_SET);
  SAY(syscall(SYS_getdents64, dirfd(d), b, 10));
  SAY(syscall(SYS_getdents64, 0, b, 10) < 0);
}
