// wait4: what a signal makes of it.
#include "interrupt.h"
int main(void) {
  INTERRUPTED((fork() ? 0 : (alarm(2), pause(), 0), waitpid(-1, 0, 0)));
}
