// what execve closes.
#include "say.h"
int main(void) {
  if (getenv("AGAIN")) { printf("%d %d\n", fcntl(10, F_GETFD), fcntl(11, F_GETFD)); return 0; }
  setenv("AGAIN", "1", 1);
  dup2(0, 10), dup2(0, 11), fcntl(11, F_SETFD, FD_CLOEXEC);
  fflush(stdout);
  execl("/proc/self/exe", "again", (char *)0);
  puts("failed");
}
