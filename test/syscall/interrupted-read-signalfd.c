// read of a signalfd: what a signal makes of it.
#include "interrupt.h"
#include <sys/signalfd.h>
int main(void) {
  sigset_t set;
  sigemptyset(&set), sigaddset(&set, SIGWINCH);
  int f = signalfd(-1, &set, 0);
  struct signalfd_siginfo i;
  INTERRUPTED(read(f, &i, sizeof i));
}
