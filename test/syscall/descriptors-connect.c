// Descriptors of every kind for connect.
#include "descriptors.h"
int main(void) {
  struct sockaddr_un a = {.sun_family = AF_UNIX, .sun_path = "none"};
  DESCRIPTORS(syscall(SYS_connect, fd, &a, sizeof a));
}
