// sigsuspend, pause: never restarted.
#include "interrupt.h"
int main(void) {
  sigset_t none;
  sigemptyset(&none);
  INTERRUPTED(sigsuspend(&none));
  INTERRUPTED(pause());
}
