// Paths that chroot cannot walk.
#include "paths.h"
int main(void) {
  PATHS(syscall(SYS_chroot, path));
}
