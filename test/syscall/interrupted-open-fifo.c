// open of a fifo without a writer: what a signal makes of it.
#include "interrupt.h"
int main(void) {
  mkfifo("fifo", 0600);
  INTERRUPTED(open("fifo", O_RDONLY));
}
