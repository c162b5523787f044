// cancellation at a wait, clean-up handlers, deferred.
#include "say.h"
static void clean(void *x) { printf("clean %s\n", (char *)x); }
static void *run(void *x) { pthread_cleanup_push(clean, "up"); for (;;) pause(); pthread_cleanup_pop(0); return x; }
int main(void) {
  pthread_t t;
  void *r;
  pthread_create(&t, 0, run, 0);
  sleep_ms(10);
  pthread_cancel(t);
  SAY(pthread_join(t, &r));
  SAY(r == PTHREAD_CANCELED);
}
