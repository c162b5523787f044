// sync_file_range: descriptors of every kind.
#include "descriptors.h"
int main(void) {
  DESCRIPTORS(syscall(SYS_sync_file_range, fd, 0L, 0L, 2));
  DESCRIPTORS(syscall(SYS_sync_file_range, fd, -1L, 0L, 0));
}
