// mq_notify with SIGEV_THREAD: the library's thread is told by a cookie that comes through a netlink socket.
// flags: -lrt
#include "say.h"
#include <mqueue.h>
#include <semaphore.h>
static sem_t told;
static int number;
static void tell(union sigval v) { number = v.sival_int, sem_post(&told); }
int main(void) {
  sem_init(&told, 0, 0);
  mq_unlink("/elfin-notify");
  struct mq_attr a = {.mq_maxmsg = 4, .mq_msgsize = 16};
  mqd_t q = mq_open("/elfin-notify", O_RDWR | O_CREAT | O_NONBLOCK, 0600, &a);
  struct sigevent e = {.sigev_notify = SIGEV_THREAD, .sigev_notify_function = tell};
  char b[16];
  for (int i = 1; i <= 3; i++) {
    e.sigev_value.sival_int = i;
    SAY(mq_notify(q, &e));
    SAY(mq_notify(q, &e));
    SAY(mq_send(q, "hello", 5, 0));
    SAY(sem_wait(&told));
    SAY(number);
    SAY(mq_receive(q, b, sizeof b, 0));
  }
  SAY(mq_notify(q, &e));
  SAY(mq_notify(q, 0));
  SAY(mq_send(q, "quiet", 5, 0));
  mq_close(q);
  mq_unlink("/elfin-notify");
}
