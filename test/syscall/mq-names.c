// mq_open, mq_unlink: names, who may, descriptors for the wrong direction.
#include "say.h"
#include <mqueue.h>
int main(void) {
  char name[300] = "/", b[8192];
  SAY(syscall(SYS_mq_unlink, "none-of-that-name"));
  memset(name, 'q', 280);
  SAY(syscall(SYS_mq_unlink, name));
  SAY(syscall(SYS_mq_unlink, 8L));
  snprintf(name, sizeof name, "/elfin-%d", getpid());
  struct mq_attr bad = {.mq_maxmsg = 0, .mq_msgsize = 8}, one = {.mq_maxmsg = 1, .mq_msgsize = 8};
  SAY(mq_open(name, O_RDWR | O_CREAT, 0600, &bad));
  mqd_t q = mq_open(name, O_RDWR | O_CREAT, 0600, &one), r = mq_open(name, O_RDONLY | O_NONBLOCK);
  SAY(mq_open(name, O_RDWR | O_CREAT | O_EXCL, 0600, &one));
  SAY(mq_send(r, "x", 1, 0));
  SAY(mq_receive(r, b, sizeof b, 0));
  SAY(mq_receive(r, b, 4, 0));
  SAY(mq_send(q, "123456789", 9, 0));
  SAY(mq_send(q, "x", 1, 32768));
  struct timespec t = {0, 1000000000};
  SAY(mq_timedreceive(q, b, sizeof b, 0, &t));
  t = (struct timespec){1, 0};
  SAY(mq_timedreceive(q, b, sizeof b, 0, &t));
  struct sigevent e = {.sigev_notify = 99};
  SAY(mq_notify(q, &e));
  fflush(stdout);
  pid_t pid = fork();
  if (pid == 0) {
    setresgid(1000, 1000, 1000), setresuid(1000, 1000, 1000);
    SAY(mq_open(name, O_RDONLY));
    SAY(mq_unlink(name));
    _exit(0);
  }
  reap(pid);
  SAY(mq_unlink(name));
}
