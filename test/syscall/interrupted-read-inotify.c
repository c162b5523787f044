// read of an inotify descriptor: what a signal makes of it.
#include "interrupt.h"
#include <sys/inotify.h>
int main(void) {
  int f = inotify_init1(0);
  char b[400];
  INTERRUPTED(read(f, b, sizeof b));
}
