// Descriptors of every kind for close.
#include "descriptors.h"
int main(void) {
  DESCRIPTORS(syscall(SYS_close, fd));
  DESCRIPTORS(syscall(SYS_close, fd));
}
