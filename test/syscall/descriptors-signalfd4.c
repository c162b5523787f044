// signalfd4: descriptors of every kind.
#include "descriptors.h"
int main(void) {
  long none = 0;
  DESCRIPTORS(syscall(SYS_signalfd4, fd, &none, 8L, 0));
}
