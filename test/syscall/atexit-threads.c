// exit of the last thread, pthread_exit of the first.
#include "say.h"
static void *run(void *x) { sleep_ms(10); puts("thread"); return x; }
int main(void) {
  pthread_t t;
  pthread_create(&t, 0, run, 0);
  pthread_exit(0);
}
