// Ten megabytes through a connection between processes, with a check sum.
#include "inet.h"
int main(void) {
  int c[2];
  connection(c);
  pid_t pid = fork();
  static char m[50000];
  if (pid == 0) {
    close(c[1]);
    unsigned x = 1;
    for (int i = 0; i < 200; i++) {
      for (int k = 0; k < (int)sizeof m; k++) m[k] = (x = x * 1103515245 + 12345) >> 16;
      write(c[0], m, sizeof m);
    }
    _exit(0);
  }
  close(c[0]);
  unsigned x = 1, bad = 0;
  long total = 0, n;
  while ((n = read(c[1], m, sizeof m)) > 0) {
    for (int k = 0; k < n; k++) bad += m[k] != (char)((x = x * 1103515245 + 12345) >> 16);
    total += n;
  }
  printf("%ld %u\n", total, bad);
  reap(pid);
}
