// a robust mutex tells of its owner's death.
#include "say.h"
static pthread_mutex_t m;
static void *run(void *x) { pthread_mutex_lock(&m); return x; }
int main(void) {
  pthread_mutexattr_t a;
  pthread_mutexattr_init(&a), pthread_mutexattr_setrobust(&a, PTHREAD_MUTEX_ROBUST), pthread_mutex_init(&m, &a);
  pthread_t t;
  pthread_create(&t, 0, run, 0), pthread_join(t, 0);
  SAY(pthread_mutex_lock(&m) == EOWNERDEAD);
  SAY(pthread_mutex_consistent(&m));
  SAY(pthread_mutex_unlock(&m));
  SAY(pthread_mutex_lock(&m));
}
