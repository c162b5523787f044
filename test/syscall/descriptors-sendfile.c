// Descriptors of every kind for sendfile.
#include "descriptors.h"
int main(void) {
  int in = file_with("g", "0123456789"), out = open("h", O_RDWR | O_CREAT, 0600);
  DESCRIPTORS(syscall(SYS_sendfile, out, fd, 0L, 4L));
  DESCRIPTORS(syscall(SYS_sendfile, fd, in, 0L, 4L));
}
