// a barrier and a once.
#include "say.h"
static pthread_barrier_t b;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static volatile int before, ran;
static void first(void) { ran++; }
static void *run(void *x) { __atomic_add_fetch(&before, 1, __ATOMIC_SEQ_CST); pthread_once(&once, first); int r = pthread_barrier_wait(&b); (void)x; return (void *)(long)(r == PTHREAD_BARRIER_SERIAL_THREAD) + (before == 5 ? 0 : 100); }
int main(void) {
  pthread_barrier_init(&b, 0, 5);
  pthread_t t[5];
  long sum = 0;
  void *r;
  for (int i = 0; i < 5; i++) pthread_create(t + i, 0, run, 0);
  for (int i = 0; i < 5; i++) pthread_join(t[i], &r), sum += (long)r;
  printf("%ld %d\n", sum, ran);
}
