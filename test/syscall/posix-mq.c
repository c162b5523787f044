// POSIX message queues: priorities, attributes, full and empty ones, time-outs, notification, poll.
// flags: -lrt
#include "say.h"
#include <mqueue.h>
static volatile int got, value;
static void on(int s, siginfo_t *i, void *c) { got = s, value = i->si_value.sival_int; (void)c; }
int main(void) {
  struct mq_attr a = {.mq_maxmsg = 3, .mq_msgsize = 20}, b;
  char text[20];
  unsigned prio;
  mq_unlink("/elfin-test");
  mqd_t q = mq_open("/elfin-test", O_CREAT | O_RDWR | O_EXCL, 0600, &a);
  SAY(q >= 0);
  SAY(mq_open("/elfin-test", O_CREAT | O_RDWR | O_EXCL, 0600, &a));
  SAY(mq_open("/elfin-none", O_RDWR));
  SAY(mq_send(q, "low", 3, 1));
  SAY(mq_send(q, "high", 4, 9));
  SAY(mq_send(q, "low2", 4, 1));
  SAY(mq_getattr(q, &b));
  printf("%ld %ld %ld %ld\n", b.mq_flags, b.mq_maxmsg, b.mq_msgsize, b.mq_curmsgs);
  struct timespec t;
  clock_gettime(CLOCK_REALTIME, &t);
  t.tv_nsec += 20000000;
  if (t.tv_nsec >= 1000000000) t.tv_nsec -= 1000000000, t.tv_sec++;
  SAY(mq_timedsend(q, "x", 1, 0, &t));
  SAY(ready(q));
  for (int i = 0; i < 3; i++) {
    long n = mq_receive(q, text, 20, &prio);
    printf("%.*s %u\n", (int)n, text, prio);
  }
  SAY(ready(q));
  SAY(mq_receive(q, text, 10, 0));
  SAY(mq_send(q, "this is longer than 20", 22, 0));
  SAY(mq_send(q, "x", 1, 40000));
  b.mq_flags = O_NONBLOCK;
  SAY(mq_setattr(q, &b, 0));
  SAY(mq_receive(q, text, 20, 0));
  struct sigaction s = {.sa_sigaction = on, .sa_flags = SA_SIGINFO};
  sigaction(SIGUSR1, &s, 0);
  struct sigevent e = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1, .sigev_value = {.sival_int = 77}};
  SAY(mq_notify(q, &e));
  SAY(mq_notify(q, &e));
  SAY(mq_send(q, "ring", 4, 0));
  SAY(got == SIGUSR1 && value == 77);
  SAY(mq_notify(q, &e));
  SAY(mq_notify(q, 0));
  mqd_t r = mq_open("/elfin-test", O_RDONLY);
  SAY(mq_send(r, "x", 1, 0));
  SAY(mq_unlink("/elfin-test"));
  SAY(mq_unlink("/elfin-test"));
  SAY(mq_receive(r, text, 20, 0));
  a.mq_maxmsg = 0;
  SAY(mq_open("/elfin-bad", O_CREAT | O_RDWR, 0600, &a));
}
