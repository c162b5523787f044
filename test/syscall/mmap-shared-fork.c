// a shared mapping is seen by both sides of a fork, a private one is not.
#include "say.h"
int main(void) {
  int *s = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  int *p = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  *s = *p = 1;
  pid_t pid = fork();
  if (pid == 0) { *s = 2, *p = 2; _exit(0); }
  reap(pid);
  printf("%d %d\n", *s, *p);
}
