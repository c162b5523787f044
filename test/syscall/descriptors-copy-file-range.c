// copy_file_range: descriptors of every kind.
#include "descriptors.h"
int main(void) {
  int in = file_with("g", "0123456789"), out = open("h", O_RDWR | O_CREAT, 0600);
  DESCRIPTORS(syscall(SYS_copy_file_range, fd, 0L, out, 0L, 4L, 0));
  DESCRIPTORS(syscall(SYS_copy_file_range, in, 0L, fd, 0L, 4L, 0));
}
