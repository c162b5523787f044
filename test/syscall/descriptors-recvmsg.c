// Descriptors of every kind for recvmsg.
#include "descriptors.h"
int main(void) {
  char b[4];
  struct iovec v = {b, 4};
  struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1};
  DESCRIPTORS(syscall(SYS_recvmsg, fd, &m, 0));
}
