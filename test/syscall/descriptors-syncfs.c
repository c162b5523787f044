// Descriptors of every kind for syncfs.
#include "descriptors.h"
int main(void) {
  DESCRIPTORS(syscall(SYS_syncfs, fd));
}
