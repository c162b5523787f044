// readers together, a writer alone.
#include "say.h"
static pthread_rwlock_t l = PTHREAD_RWLOCK_INITIALIZER;
static long value;
static void *run(void *x) { for (int i = 0; i < 500; i++) { pthread_rwlock_wrlock(&l); value++; pthread_rwlock_unlock(&l); pthread_rwlock_rdlock(&l); (void)value; pthread_rwlock_unlock(&l); } return x; }
int main(void) {
  pthread_t t[4];
  for (int i = 0; i < 4; i++) pthread_create(t + i, 0, run, 0);
  for (int i = 0; i < 4; i++) pthread_join(t[i], 0);
  SAY(value);
  pthread_rwlock_rdlock(&l);
  SAY(pthread_rwlock_tryrdlock(&l));
  SAY(pthread_rwlock_trywrlock(&l));
}
