// Programs without measure: limits KIND.
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
int main(int argc, char **argv) {
  const char *kind = argv[1];
  if (!strcmp(kind, "fork-bomb")) for (;;) fork();
  if (!strcmp(kind, "memory")) for (;;) memset(malloc(1 << 20), 1, 1 << 20);
  if (!strcmp(kind, "loop")) for (;;) ;
  if (!strcmp(kind, "sparse")) {
    int f = open("sparse", O_CREAT | O_RDWR, 0600);
    char b = 'x', c = 1;
    printf("%ld\n", (long)pwrite(f, &b, 1, 10L << 30));
    pread(f, &c, 1, 5L << 30), printf("%d\n", c);
    pread(f, &c, 1, 10L << 30), printf("%c %ld\n", c, (long)lseek(f, 0, SEEK_END));
  }
  if (!strcmp(kind, "directory")) {
    long made = 0, count = atol(argv[2]);
    for (long i = 0; i < count; i++) {
      char name[30];
      sprintf(name, "entry-%ld", i);
      made += symlink("x", name) == 0;
    }
    printf("%d\n", made == count);
  }
  return 0;
}
