// Descriptors of every kind for ftruncate.
#include "descriptors.h"
int main(void) {
  DESCRIPTORS(syscall(SYS_ftruncate, fd, 3L));
  DESCRIPTORS(syscall(SYS_ftruncate, fd, -1L));
}
