// On fcntl: the size of a pipe, asked of descriptors of every kind.
#include "descriptors.h"
int main(void) {
  DESCRIPTORS(syscall(SYS_fcntl, fd, F_GETPIPE_SZ));
}
