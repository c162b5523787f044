// Descriptors of every kind for shutdown.
#include "descriptors.h"
int main(void) {
  DESCRIPTORS(syscall(SYS_shutdown, fd, SHUT_WR));
}
