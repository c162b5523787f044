// On sigtimedwait: a signal it does not wait for interrupts it.
#include "interrupt.h"
int main(void) {
  sigset_t set;
  sigemptyset(&set), sigaddset(&set, SIGWINCH);
  struct timespec t = {5, 0};
  INTERRUPTED(sigtimedwait(&set, 0, &t));
}
