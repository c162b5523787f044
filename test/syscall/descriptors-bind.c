// Descriptors of every kind for bind.
#include "descriptors.h"
int main(void) {
  struct sockaddr_un a = {.sun_family = AF_UNIX};
  DESCRIPTORS(syscall(SYS_bind, fd, &a, 2));
}
