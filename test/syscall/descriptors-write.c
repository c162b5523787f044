// Descriptors of every kind for write.
#include "descriptors.h"
int main(void) {
  char b[100] = "text";
  DESCRIPTORS(syscall(SYS_write, fd, b, 8L));
  DESCRIPTORS(syscall(SYS_write, fd, b, 3L));
}
