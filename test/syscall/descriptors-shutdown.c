// shutdown: descriptors of every kind.
#include "descriptors.h"
int main(void) {
  DESCRIPTORS(syscall(SYS_shutdown, fd, SHUT_WR));
}
