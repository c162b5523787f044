// a vfork child shares memory and the parent sleeps.
#include "say.h"
int main(void) {
  volatile int x = 1;
  pid_t pid = vfork();
  if (pid == 0) { x = 7; _exit(3); }
  SAY(x);
  reap(pid);
}
