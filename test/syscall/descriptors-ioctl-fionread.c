// On ioctl: FIONREAD of descriptors of every kind.
#include "descriptors.h"
int main(void) {
  int n = 0;
  DESCRIPTORS(ioctl(fd, FIONREAD, &n) ? -1 : n);
}
