// A user makes message queues until there are no more to be had: ENOSPC.
#include "say.h"
#include <mqueue.h>
int main(void) {
  struct mq_attr attr = {.mq_maxmsg = 1, .mq_msgsize = 1};
  struct rlimit all = {RLIM_INFINITY, RLIM_INFINITY};
  char name[40];
  setrlimit(RLIMIT_MSGQUEUE, &all);
  SAY(setresuid(4324, 4324, 4324));
  int made = 0;
  for (; made < 2000; made++) {
    snprintf(name, sizeof name, "/elfin-most-%d-%d", getpid(), made);
    mqd_t q = mq_open(name, O_RDWR | O_CREAT | O_EXCL, 0600, &attr);
    if (q < 0) break;
    mq_close(q);
  }
  printf("%s\n", strerrorname_np(errno));
  while (made-- > 0) snprintf(name, sizeof name, "/elfin-most-%d-%d", getpid(), made), mq_unlink(name);
}
