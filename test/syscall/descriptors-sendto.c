// Descriptors of every kind for sendto.
#include "descriptors.h"
int main(void) {
  DESCRIPTORS(syscall(SYS_sendto, fd, "text", 4L, MSG_NOSIGNAL, 0L, 0));
}
