// who becomes a process's parent when its own ends.
#include "say.h"
int main(void) {
  int p[2];
  pipe(p);
  pid_t pid = fork();
  if (pid == 0) {
    pid_t parent = getpid();
    if (fork() == 0) { while (getppid() == parent) sleep_ms(2); write(p[1], "o", 1); _exit(0); }
    _exit(0);
  }
  reap(pid);
  char b;
  SAY(read(p[0], &b, 1));
}
