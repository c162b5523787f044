// Descriptors of every kind for fsync.
#include "descriptors.h"
int main(void) {
  DESCRIPTORS(syscall(SYS_fsync, fd));
}
