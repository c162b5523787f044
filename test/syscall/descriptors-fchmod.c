// Descriptors of every kind for fchmod.
#include "descriptors.h"
int main(void) {
  DESCRIPTORS(syscall(SYS_fchmod, fd, kind < 19 ? 0700 : 0666));
}
