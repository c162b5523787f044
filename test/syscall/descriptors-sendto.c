// sendto: descriptors of every kind.
#include "descriptors.h"
int main(void) {
  DESCRIPTORS(syscall(SYS_sendto, fd, "text", 4L, MSG_NOSIGNAL, 0L, 0));
}
