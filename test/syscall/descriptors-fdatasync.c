// Descriptors of every kind for fdatasync.
#include "descriptors.h"
int main(void) {
  DESCRIPTORS(syscall(SYS_fdatasync, fd));
}
