// Descriptors of every kind for read.
#include "descriptors.h"
int main(void) {
  char b[100] = "text";
  DESCRIPTORS(syscall(SYS_read, fd, b, 8L));
  DESCRIPTORS(syscall(SYS_read, fd, b, 3L));
}
