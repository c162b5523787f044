// waitid without children, and pause: what a signal makes of them.
#include "interrupt.h"
int main(void) {
  INTERRUPTED(waitid(P_ALL, 0, 0, WEXITED));
}
