// Takes what it can get of one kind, and says how much that was.
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv) {
  if (argc < 2) return 2;
  if (!strcmp(argv[1], "memory")) {
    for (int i = 0; i < 100; i++) memset(malloc(4 << 20), 1, 4 << 20);
    return 0;
  }
  if (!strcmp(argv[1], "files")) {
    int count = 0;
    while (open("/etc/motd", O_RDONLY) >= 0) count++;
    printf("%d files\n", count);
    return errno != EMFILE;
  }
  if (!strcmp(argv[1], "tmpfs")) {
    static char block[1 << 20];
    int fd = open("/tmp/big", O_WRONLY | O_CREAT, 0600), count = 0;
    memset(block, 1, sizeof block);
    while (count < 1000 && write(fd, block, sizeof block) > 0) count++;
    printf("full after %d MiB: %s\n", count, strerror(errno));
    return 0;
  }
  return 2;
}
