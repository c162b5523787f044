// Mutexes with priority inheritance: lock, hand over, deadlock, time-out, who may unlock.
#include "say.h"
#include <linux/futex.h>
static int word;
static int futex(int op, struct timespec *t) { return syscall(SYS_futex, &word, op, 0, t, 0, 0); }
static pthread_mutex_t m;
static int counter;
static void *work(void *x) {
  for (int i = 0; i < 1000; i++) {
    pthread_mutex_lock(&m);
    int c = counter;
    if (i % 100 == 0) sched_yield();
    counter = c + 1;
    pthread_mutex_unlock(&m);
  }
  return x;
}
static void *other(void *x) {
  SAY(futex(FUTEX_TRYLOCK_PI, 0));
  SAY(futex(FUTEX_UNLOCK_PI, 0));
  struct timespec t;
  clock_gettime(CLOCK_REALTIME, &t);
  t.tv_nsec += 10000000;
  if (t.tv_nsec >= 1000000000) t.tv_nsec -= 1000000000, t.tv_sec++;
  SAY(futex(FUTEX_LOCK_PI, &t));
  return x;
}
int main(void) {
  SAY(futex(FUTEX_LOCK_PI, 0));
  SAY(word == gettid());
  SAY(futex(FUTEX_LOCK_PI, 0));
  pthread_t t[4];
  pthread_create(t, 0, other, 0), pthread_join(t[0], 0);
  SAY(futex(FUTEX_UNLOCK_PI, 0));
  SAY(word);
  SAY(futex(FUTEX_UNLOCK_PI, 0));
  word = 4000000;
  SAY(futex(FUTEX_LOCK_PI, 0));
  pthread_mutexattr_t a;
  pthread_mutexattr_init(&a);
  SAY(pthread_mutexattr_setprotocol(&a, PTHREAD_PRIO_INHERIT));
  SAY(pthread_mutex_init(&m, &a));
  for (int i = 0; i < 4; i++) pthread_create(t + i, 0, work, 0);
  for (int i = 0; i < 4; i++) pthread_join(t[i], 0);
  SAY(counter);
}
