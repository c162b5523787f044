// On fchownat: descriptors of every kind with an empty path.
#include "descriptors.h"
int main(void) {
  DESCRIPTORS(syscall(SYS_fchownat, fd, "", 0, 0, AT_EMPTY_PATH));
}
