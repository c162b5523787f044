// dup2, dup3: onto another, onto none.
#include "descriptors.h"
int main(void) {
  DESCRIPTORS(syscall(SYS_dup2, fd, 51));
  DESCRIPTORS(syscall(SYS_dup2, fd, -1));
  DESCRIPTORS(syscall(SYS_dup3, fd, 51, 77));
}
