// SIGXCPU after a second of computing.
#include "say.h"
int main(void) {
  struct rlimit r = {1, 2};
  pid_t pid = fork();
  if (pid == 0) { setrlimit(RLIMIT_CPU, &r); for (;;) ; }
  reap(pid);
}
