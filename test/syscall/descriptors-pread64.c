// pread64: descriptors of every kind.
#include "descriptors.h"
int main(void) {
  char b[100] = "text";
  DESCRIPTORS(syscall(SYS_pread64, fd, b, 4L, 2L));
  DESCRIPTORS(syscall(SYS_pread64, fd, b, 4L, -1L));
}
