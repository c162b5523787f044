// mq_send to a full queue: what a signal makes of it.
#include "interrupt.h"
#include <mqueue.h>
int main(void) {
  char name[40];
  snprintf(name, sizeof name, "/elfin-%d", getpid());
  struct mq_attr one = {.mq_maxmsg = 1, .mq_msgsize = 8};
  mqd_t q = mq_open(name, O_RDWR | O_CREAT, 0600, &one);
  mq_unlink(name), mq_send(q, "x", 1, 0);
  INTERRUPTED(mq_send(q, "x", 1, 0));
}
