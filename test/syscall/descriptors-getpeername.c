// Descriptors of every kind for getpeername.
#include "descriptors.h"
int main(void) {
  struct sockaddr_storage a = {.ss_family = AF_UNIX};
  socklen_t n = sizeof a;
  DESCRIPTORS(syscall(SYS_getpeername, fd, &a, &n));
}
