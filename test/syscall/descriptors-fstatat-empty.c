// On newfstatat: descriptors of every kind with an empty path.
#include "descriptors.h"
int main(void) {
  struct stat s;
  DESCRIPTORS(syscall(SYS_newfstatat, fd, "", &s, AT_EMPTY_PATH));
  DESCRIPTORS(syscall(SYS_newfstatat, fd, "f", &s, 0));
}
