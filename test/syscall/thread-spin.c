// a thread that spins lets others go on.
#include "say.h"
static volatile int go;
static void *run(void *x) { for (volatile int i = 0; i < 1000000; i++) ; go = 1; return x; }
int main(void) {
  pthread_t t;
  pthread_create(&t, 0, run, 0);
  while (!go) ;
  puts("went on");
  pthread_join(t, 0);
}
