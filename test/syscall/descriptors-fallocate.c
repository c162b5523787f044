// Descriptors of every kind for fallocate.
#include "descriptors.h"
int main(void) {
  DESCRIPTORS(syscall(SYS_fallocate, fd, 0, 0L, 10L));
  DESCRIPTORS(syscall(SYS_fallocate, fd, 0, 0L, 0L));
  DESCRIPTORS(syscall(SYS_fallocate, fd, FALLOC_FL_PUNCH_HOLE, 0L, 10L));
}
