// PR_SET_CHILD_SUBREAPER takes orphans.
#include "say.h"
#include <sys/prctl.h>
int main(void) {
  SAY(prctl(PR_SET_CHILD_SUBREAPER, 1));
  pid_t pid = fork();
  if (pid == 0) { if (fork() == 0) { sleep_ms(20); _exit(getppid() == 1 ? 9 : 4); } _exit(0); }
  reap(pid);
  int s;
  SAY(wait(&s) > 0);
  SAY(WEXITSTATUS(s));
}
