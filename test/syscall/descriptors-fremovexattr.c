// fremovexattr: descriptors of every kind.
#include "descriptors.h"
int main(void) {
  DESCRIPTORS(syscall(SYS_fremovexattr, fd, "user.a"));
}
