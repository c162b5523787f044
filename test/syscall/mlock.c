// locking, limits, unlocking.
#include "say.h"
int main(void) {
  char *m = mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  SAY(mlock(m, 8192));
  SAY(munlock(m, 8192));
  SAY(mlockall(99));
  SAY(munlockall());
  munmap(m, 8192);
  SAY(mlock(m, 8192));
}
