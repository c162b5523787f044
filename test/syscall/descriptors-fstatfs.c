// Descriptors of every kind for fstatfs.
#include "descriptors.h"
#include <sys/statfs.h>
int main(void) {
  struct statfs s;
  DESCRIPTORS(syscall(SYS_fstatfs, fd, &s));
}
