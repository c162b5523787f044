// PR_SET_PDEATHSIG when the parent ends.
#include "say.h"
#include <sys/prctl.h>
int main(void) {
  int p[2];
  pipe(p);
  pid_t pid = fork();
  if (pid == 0) {
    if (fork() == 0) { prctl(PR_SET_PDEATHSIG, SIGKILL); write(p[1], "r", 1); close(p[1]); for (;;) pause(); }
    char b;
    read(p[0], &b, 1);
    _exit(0);
  }
  close(p[1]);
  reap(pid);
  char b;
  SAY(read(p[0], &b, 1));
}
