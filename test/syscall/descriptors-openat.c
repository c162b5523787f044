// On openat: directories that are none.
#include "descriptors.h"
int main(void) {
  DESCRIPTORS(syscall(SYS_openat, fd, "f", O_RDONLY));
  DESCRIPTORS(syscall(SYS_openat, fd, "", O_RDONLY));
}
