// accept4: descriptors of every kind.
#include "descriptors.h"
int main(void) {
  DESCRIPTORS(syscall(SYS_accept4, fd, 0L, 0L, 0));
}
