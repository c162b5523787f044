// What a signal makes of flock.
#include "interrupt.h"
#include <sys/file.h>
int main(void) {
  int f = file_with("f", ""), g = open("f", O_RDWR);
  flock(f, LOCK_EX);
  INTERRUPTED(flock(g, LOCK_EX));
}
