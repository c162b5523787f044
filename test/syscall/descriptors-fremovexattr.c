// Descriptors of every kind for fremovexattr.
#include "descriptors.h"
int main(void) {
  DESCRIPTORS(syscall(SYS_fremovexattr, fd, "user.a"));
}
