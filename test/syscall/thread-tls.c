// each thread has its own errno and thread-locals.
#include "say.h"
static __thread int mine = 5;
static void *run(void *x) { mine += (long)x; errno = 77; return (void *)(long)mine; }
int main(void) {
  pthread_t t[3];
  void *r;
  errno = 1;
  for (long i = 0; i < 3; i++) pthread_create(t + i, 0, run, (void *)i);
  for (int i = 0; i < 3; i++) pthread_join(t[i], &r), printf("%ld ", (long)r);
  printf("%d %d\n", mine, errno);
}
