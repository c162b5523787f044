// Descriptors of every kind for lseek.
#include "descriptors.h"
int main(void) {
  DESCRIPTORS(syscall(SYS_lseek, fd, 3L, SEEK_SET));
  DESCRIPTORS(syscall(SYS_lseek, fd, -1L, SEEK_SET));
  DESCRIPTORS(syscall(SYS_lseek, fd, 0L, 9));
}
