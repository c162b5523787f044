// mq_receive from an empty queue: what a signal makes of it.
#include "interrupt.h"
#include <mqueue.h>
int main(void) {
  char name[40], b[8192];
  snprintf(name, sizeof name, "/elfin-%d", getpid());
  mqd_t q = mq_open(name, O_RDWR | O_CREAT, 0600, 0);
  mq_unlink(name);
  INTERRUPTED(mq_receive(q, b, sizeof b, 0));
}
