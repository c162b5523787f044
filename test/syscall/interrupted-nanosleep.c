// What a signal makes of nanosleep.
#include "interrupt.h"
int main(void) {
  struct timespec t = {5, 0}, left = {-1, 0};
  INTERRUPTED(nanosleep(&t, &left));
  INTERRUPTED(left.tv_sec);
}
