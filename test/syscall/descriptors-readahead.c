// readahead: descriptors of every kind.
#include "descriptors.h"
int main(void) {
  DESCRIPTORS(syscall(SYS_readahead, fd, 0L, 100L));
}
