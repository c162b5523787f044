// Descriptors of every kind for listen.
#include "descriptors.h"
int main(void) {
  DESCRIPTORS(syscall(SYS_listen, fd, 1));
}
