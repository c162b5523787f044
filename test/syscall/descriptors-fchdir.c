// Descriptors of every kind for fchdir.
#include "descriptors.h"
int main(void) {
  DESCRIPTORS(syscall(SYS_fchdir, fd));
}
