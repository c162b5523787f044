// Programs without measure: limits KIND.
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>
int main(int argc, char **argv) {
  const char *kind = argv[1];
  if (!strcmp(kind, "fork-bomb")) for (;;) fork();
  if (!strcmp(kind, "memory")) for (;;) memset(malloc(1 << 20), 1, 1 << 20);
  if (!strcmp(kind, "loop")) for (;;) ;
  if (!strcmp(kind, "files")) {
    struct rlimit r;
    getrlimit(RLIMIT_NOFILE, &r);
    for (int round = 0; round < 2; round++) {
      int last = -1, fd;
      while ((fd = open("/dev/null", O_RDONLY)) >= 0 && fd < 99) last = fd;
      printf("%d %d %d\n", last, fd, fd < 0 ? errno == EMFILE : 0);
      r.rlim_cur = r.rlim_max;
      setrlimit(RLIMIT_NOFILE, &r);
    }
  }
  if (!strcmp(kind, "processes")) {
    int made = 0;
    pid_t pid;
    while ((pid = fork()) > 0) made++;
    if (pid == 0) for (;;) pause();
    printf("%d %d\n", made, errno == EAGAIN);
  }
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
