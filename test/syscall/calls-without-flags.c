// eventfd, pipe, signalfd, mq_open and others at their limits, made without the C library.
#include "say.h"
#include <mqueue.h>
#include <sys/syscall.h>
int main(void) {
  int p[2];
  long none = 0;
  char name[40];
  struct mq_attr attr = {.mq_maxmsg = 1, .mq_msgsize = 1};
  snprintf(name, sizeof name, "elfin-calls-%d", getpid());
  int q = syscall(SYS_mq_open, name, O_RDWR | O_CREAT | O_EXCL | O_NONBLOCK, 0600, &attr);
  SAY(syscall(SYS_mq_timedsend, q, "x", 1L, 0, 0L));
  SAY(syscall(SYS_mq_timedsend, q, "x", 1L, 0, 0L));
  SAY(syscall(SYS_signalfd, 99, &none, 8L));
  struct rlimit few = {q + 1, q + 1};
  SAY(setrlimit(RLIMIT_NOFILE, &few));
  SAY(syscall(SYS_pipe, p));
  SAY(syscall(SYS_mq_open, name, O_RDWR, 0, 0L));
  SAY(syscall(SYS_mq_unlink, name));
}
