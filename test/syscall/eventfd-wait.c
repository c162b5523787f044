// a read that waits, a write that waits, semaphores between threads.
#include "say.h"
int main(void) {
  int e = eventfd(0, 0);
  pid_t pid = fork();
  if (pid == 0) { sleep_ms(10); uint64_t v = 5; write(e, &v, 8); _exit(0); }
  uint64_t v = 0;
  SAY(read(e, &v, 8));
  SAY(v);
  reap(pid);
  v = UINT64_MAX - 1;
  SAY(write(e, &v, 8));
  SAY(ready(e));
  fcntl(e, F_SETFL, O_NONBLOCK);
  v = 1;
  SAY(write(e, &v, 8));
}
