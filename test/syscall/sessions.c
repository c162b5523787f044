// setsid, groups, what is refused.
#include "say.h"
int main(void) {
  SAY(getpgrp() == getpgid(0));
  pid_t pid = fork();
  if (pid == 0) {
    SAY(setsid() == getpid());
    SAY(setsid());
    SAY(getsid(0) == getpid());
    SAY(setpgid(0, 0));
    _exit(0);
  }
  reap(pid);
  SAY(setpgid(99999, 0));
  SAY(setpgid(0, 99999));
  SAY(setpgid(0, -1));
  SAY(getpgid(99999));
  SAY(getsid(99999));
}
