// FUTEX_WAIT, without and with a time limit: what a signal makes of it.
#include "interrupt.h"
int main(void) {
  int word = 0;
  struct timespec t = {5, 0};
  INTERRUPTED(syscall(SYS_futex, &word, 0, 0, 0L, 0L, 0));
  INTERRUPTED(syscall(SYS_futex, &word, 0, 0, &t, 0L, 0));
}
