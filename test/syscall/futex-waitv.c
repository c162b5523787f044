// futex_waitv: which of several words, what is refused.
#include "say.h"
struct waiter { uint64_t value, address; uint32_t flags, reserved; };
static int words[3];
static void *waker(void *which) {
  sleep_ms(20);
  words[(long)which] = 1;
  syscall(SYS_futex, words + (long)which, 129, 1, 0L, 0L, 0);
  return 0;
}
static long waitv(struct waiter *w, int n, int flags, struct timespec *t) { return syscall(449, w, n, flags, t, CLOCK_MONOTONIC); }
int main(void) {
  struct waiter w[3];
  for (int i = 0; i < 3; i++) w[i] = (struct waiter){0, (uintptr_t)(words + i), 2 | 128, 0};
  pthread_t t;
  for (long i = 2; i >= 0; i--) {
    memset(words, 0, sizeof words);
    pthread_create(&t, 0, waker, (void *)i);
    SAY(waitv(w, 3, 0, 0));
    pthread_join(t, 0);
  }
  SAY(waitv(w, 3, 0, 0));
  memset(words, 0, sizeof words);
  struct timespec past = {0, 1};
  SAY(waitv(w, 3, 0, &past));
  SAY(waitv(w, 0, 0, 0));
  SAY(waitv(w, 129, 0, 0));
  SAY(waitv(w, 3, 1, 0));
  SAY(waitv((void *)8, 3, 0, 0));
  w[1].flags = 3 | 128;
  SAY(waitv(w, 3, 0, 0));
  w[1].flags = 2, w[1].reserved = 1;
  SAY(waitv(w, 3, 0, 0));
  w[1].reserved = 0, w[1].address++;
  SAY(waitv(w, 3, 0, 0));
}
