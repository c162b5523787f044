// Descriptors of every kind for fchown.
#include "descriptors.h"
int main(void) {
  DESCRIPTORS(syscall(SYS_fchown, fd, 0, 0));
}
