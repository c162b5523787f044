// a condition variable hands a token round; a time-out.
#include "say.h"
static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t c = PTHREAD_COND_INITIALIZER;
static int turn, rounds;
static void *run(void *x) {
  for (int i = 0; i < 200; i++) {
    pthread_mutex_lock(&m);
    while (turn != (long)x) pthread_cond_wait(&c, &m);
    turn = (turn + 1) % 4, rounds++;
    pthread_cond_broadcast(&c);
    pthread_mutex_unlock(&m);
  }
  return 0;
}
int main(void) {
  pthread_t t[4];
  for (long i = 0; i < 4; i++) pthread_create(t + i, 0, run, (void *)i);
  for (int i = 0; i < 4; i++) pthread_join(t[i], 0);
  SAY(rounds);
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  pthread_mutex_lock(&m);
  SAY(pthread_cond_timedwait(&c, &m, &now));
}
