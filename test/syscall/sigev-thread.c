// SIGEV_THREAD: a timer whose notice is a thread's function.
#include "say.h"
#include <semaphore.h>
static sem_t rang;
static void ring(union sigval v) { printf("%d\n", v.sival_int), fflush(stdout), sem_post(&rang); }
int main(void) {
  sem_init(&rang, 0, 0);
  struct sigevent e = {.sigev_notify = SIGEV_THREAD, .sigev_notify_function = ring, .sigev_value.sival_int = 42};
  timer_t t;
  SAY(timer_create(CLOCK_MONOTONIC, &e, &t));
  struct itimerspec s = {.it_value = {0, 5000000}};
  SAY(timer_settime(t, 0, &s, 0));
  SAY(sem_wait(&rang));
  SAY(timer_delete(t));
}
