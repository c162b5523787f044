// the end, EPIPE with its signal, wrong directions.
#include "say.h"
int main(void) {
  int p[2];
  char b;
  signal(SIGPIPE, SIG_IGN);
  pipe(p);
  SAY(write(p[0], "x", 1));
  SAY(read(p[1], &b, 1));
  SAY(ready(p[0]));
  SAY(ready(p[1]));
  close(p[1]);
  SAY(read(p[0], &b, 1));
  SAY(ready(p[0]));
  pipe(p), close(p[0]);
  SAY(write(p[1], "x", 1));
  SAY(ready(p[1]));
  signal(SIGPIPE, SIG_DFL);
  pid_t pid = fork();
  if (pid == 0) { write(p[1], "x", 1); _exit(0); }
  reap(pid);
}
