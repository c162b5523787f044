// Descriptors of every kind for getsockname.
#include "descriptors.h"
int main(void) {
  struct sockaddr_storage a = {.ss_family = AF_UNIX};
  socklen_t n = sizeof a;
  DESCRIPTORS(syscall(SYS_getsockname, fd, &a, &n));
}
