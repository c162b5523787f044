// Descriptors of every kind for fstat.
#include "descriptors.h"
int main(void) {
  struct stat s;
  DESCRIPTORS(syscall(SYS_fstat, fd, &s));
}
