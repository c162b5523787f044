// fadvise64: descriptors of every kind.
#include "descriptors.h"
int main(void) {
  DESCRIPTORS(syscall(SYS_fadvise64, fd, 0L, 0L, POSIX_FADV_WILLNEED));
  DESCRIPTORS(syscall(SYS_fadvise64, fd, 0L, 0L, 77));
}
