// Descriptors of every kind for accept.
#include "descriptors.h"
int main(void) {
  DESCRIPTORS(syscall(SYS_accept, fd, 0L, 0L));
}
