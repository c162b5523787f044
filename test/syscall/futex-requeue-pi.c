// FUTEX_WAIT_REQUEUE_PI and FUTEX_CMP_REQUEUE_PI: sleepers of a condition are handed a mutex one after the other.
#include "say.h"
static int condition, mutex, inside, most, done;
static long futex(int *word, int op, long val, long val2, int *word2, int val3) {
  return syscall(SYS_futex, word, op, val, val2, word2, val3);
}
static void *sleeper(void *unused) {
  long r = futex(&condition, 11, 0, 0, &mutex, -1);
  if (r) printf("%s\n", strerrorname_np(errno));
  if ((mutex & 0x3fffffff) != gettid()) puts("not mine");
  inside++;
  if (inside > most) most = inside;
  sched_yield();
  inside--, done++;
  futex(&mutex, 7, 0, 0, 0, 0);
  return unused;
}
int main(void) {
  pthread_t t[4];
  for (int i = 0; i < 4; i++) pthread_create(t + i, 0, sleeper, 0);
  sleep_ms(50);
  SAY(futex(&condition, 12, 1, 10, &mutex, 1));
  SAY(futex(&condition, 12, 2, 10, &mutex, 0));
  SAY(futex(&condition, 12, 1, 10, &condition, 0));
  SAY(futex(&mutex, 6, 0, 0, 0, 0));
  SAY(futex(&condition, 12, 1, 1, &mutex, 0));
  SAY(done);
  SAY(futex(&condition, 12, 1, 10, &mutex, 0));
  SAY(futex(&mutex, 7, 0, 0, 0, 0));
  for (int i = 0; i < 4; i++) pthread_join(t[i], 0);
  printf("%d %d %d\n", done, most, mutex);
  SAY(futex(&condition, 11, 1, 0, &mutex, -1));
  SAY(futex(&condition, 11, 0, 0, &condition, -1));
  struct timespec past = {0, 1};
  SAY(futex(&condition, 11, 0, (long)&past, &mutex, -1));
  SAY(futex(&condition, 12, 1, 10, &mutex, 0));
}
