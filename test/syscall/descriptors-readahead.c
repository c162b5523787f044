// Descriptors of every kind for readahead.
#include "descriptors.h"
int main(void) {
  DESCRIPTORS(syscall(SYS_readahead, fd, 0L, 100L));
}
